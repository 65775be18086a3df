package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
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
