package tests

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// policyOTLP judges what comes by OTLP.
const policyOTLP = `
receivers:
  otlp:
    protocols:
      http:
        endpoint: %s
processors:
  sysflow_policy:
    policies: [%q]
    reload:
      enabled: %t
      debounce: 10ms
exporters:
  file:
    path: alerts.json
    append: true
    flush_interval: 50ms
service:
  pipelines:
    logs:
      receivers: [otlp]
      processors: [sysflow_policy]
      exporters: [file]
`

// policyRule is a rule file with one rule, which the start of the shell matches.
func policyRule(name string) string {
	return fmt.Sprintf("- rule: %s\n  desc: d\n  condition: sf.opflags = EXEC\n  priority: high\n", name)
}

// gateway is a collector that judges what is sent to it.
type gateway struct {
	*collector.Collector
	endpoint string
	rules    string
	alerts   *collector.Follower
}

// startGateway starts a collector whose rules are in a folder.
func startGateway(t *testing.T, rule string, watch bool) *gateway {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	g := &gateway{endpoint: l.Addr().String()}
	dir := filepath.Join(t.TempDir(), "rules")
	require.NoError(t, os.Mkdir(dir, 0o750))
	g.rules = filepath.Join(dir, "rules.yaml")
	writeRules(t, g.rules, policyRule(rule))
	g.Collector = collector.Start(t, fmt.Sprintf(policyOTLP, g.endpoint, dir, watch))
	g.alerts = collector.Follow(filepath.Join(g.Dir, "alerts.json"))
	return g
}

// wants sends the story and wants an alert of the rule next.
func (g *gateway) wants(t *testing.T, rule string) {
	t.Helper()
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	for _, rec := range policyStory() {
		enc.Add(rec)
	}
	// an export request has the wire format of the logs that it carries
	body, err := (&plog.ProtoMarshaler{}).MarshalLogs(enc.Take())
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+g.endpoint+"/v1/logs", bytes.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-protobuf")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false // not listening yet
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, time.Minute, 10*time.Millisecond)
	o := g.alerts.Next(t, "an alert", func(plogs.Observation) bool { return true })
	require.NotNil(t, o.Alert)
	assert.Equal(t, rule, o.Alert.Rule)
}

// TestPolicyReload changes the rules of a running collector.
func TestPolicyReload(t *testing.T) {
	g := startGateway(t, "one", true)
	g.wants(t, "one")
	writeRules(t, g.rules, policyRule("two"))
	g.WaitLog(t, "Rules reloaded")
	g.wants(t, "two")
	writeRules(t, g.rules, policyRule("three")+"- rule: bad\n")
	g.WaitLog(t, "Rules not reloaded, those before stay in force")
	g.wants(t, "two")
	var reloads []string
	for _, m := range g.Metrics(t) {
		if m.Name == "otelcol_sysflow_policy_reloads_total" || m.Name == "otelcol_sysflow_policy_reloads" {
			reloads = append(reloads, fmt.Sprint(m.Label("result"), " ", m.Value))
		}
	}
	assert.ElementsMatch(t, []string{"success 1", "failure 1"}, reloads)
	g.Stop(t)
}

// TestPolicySIGHUP makes the collector begin anew, with the rules as they are then, or if
// they are bad as they were.
func TestPolicySIGHUP(t *testing.T) {
	g := startGateway(t, "one", false)
	g.wants(t, "one")
	writeRules(t, g.rules, policyRule("two"))
	g.wants(t, "one")
	require.NoError(t, syscall.Kill(g.PID(), syscall.SIGHUP))
	g.waitReady(t, 2)
	g.wants(t, "two")
	writeRules(t, g.rules, policyRule("three")+"- rule: bad\n")
	require.NoError(t, syscall.Kill(g.PID(), syscall.SIGHUP))
	g.waitReady(t, 3)
	g.wants(t, "two")
	g.Stop(t)
}

// waitReady waits until the collector has become ready so many times.
func (g *gateway) waitReady(t *testing.T, times int) {
	t.Helper()
	require.Eventually(t, func() bool {
		n := 0
		for _, l := range g.LogLines() {
			if l.Msg == "Everything is ready. Begin running and processing data." {
				n++
			}
		}
		return n == times
	}, time.Minute, 10*time.Millisecond)
}
