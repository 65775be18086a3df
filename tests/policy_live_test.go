package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

// policyLive judges what this host does.
const policyLive = `
receivers:
  sysflow:
processors:
  sysflow_policy:
    policies: [%q]
exporters:
  file:
    path: alerts.json
    flush_interval: 50ms
service:
  pipelines:
    logs:
      receivers: [sysflow]
      processors: [sysflow_policy]
      exporters: [file]
`

// TestLivePolicy runs a command and sees the alert.
func TestLivePolicy(t *testing.T) {
	collector.NeedCapture(t)
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	writeRules(t, rules, `
- rule: Marked command
  desc: The command of the test
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains policy-test-marker
  output: "%proc.cmdline by %proc.ppid"
  priority: WARNING
`)
	c := collector.Start(t, fmt.Sprintf(policyLive, rules))
	c.WaitLog(t, collector.CaptureStarted)
	run(t, "/bin/true", "policy-test-marker")
	o := collector.Follow(filepath.Join(c.Dir, "alerts.json")).Next(t, "the alert", func(plogs.Observation) bool { return true })
	require.NotNil(t, o.Alert)
	assert.Equal(t, &plogs.Alert{
		Rule: "Marked command", Priority: "Warning", Severity: 13,
		Text: fmt.Sprintf("true policy-test-marker by %d", os.Getpid()),
	}, o.Alert)
	assert.Equal(t, int64(os.Getpid()), o.Process.POID.HPID)
	c.Stop(t)
}

// TestLivePolicyIOUring lets a program carry a file off by io_uring alone, and wants the stock rules to
// tell.
func TestLivePolicyIOUring(t *testing.T) {
	collector.NeedCapture(t)
	needIOUring(t)
	program := scenario.Build(t, "scenario", "scenario")
	secret := filepath.Join(t.TempDir(), ".ssh", "id_rsa")
	require.NoError(t, os.Mkdir(filepath.Dir(secret), 0o700))
	require.NoError(t, os.WriteFile(secret, []byte("the secret"), 0o600))
	stock, err := filepath.Abs("../policies")
	require.NoError(t, err)
	c := collector.Start(t, fmt.Sprintf(policyLive, stock))
	c.WaitLog(t, collector.CaptureStarted)
	out, err := exec.CommandContext(t.Context(), program, "exfiltrate", secret).Output()
	require.NoError(t, err)
	require.Equal(t, "the secret", string(out), "what the server got")

	for _, rule := range []string{"Data sent to the internet through io_uring", "Credentials read and sent out"} {
		alerts := collector.Follow(filepath.Join(c.Dir, "alerts.json"))
		o := alerts.Next(t, rule, func(o plogs.Observation) bool {
			return o.Alert != nil && o.Alert.Rule == rule && o.Process.Exe == program
		})
		flow, ok := o.Event.(*sysflow.NetworkFlow)
		require.True(t, ok, "%T", o.Event)
		assert.Equal(t, sysflow.OriginIOUring, flow.Origin)
		assert.Equal(t, "203.0.113.9", flow.DIP.String())
		assert.Equal(t, int64(len(out)), flow.NumWSendBytes)
	}
	c.Stop(t)
}
