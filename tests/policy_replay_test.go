package tests

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// policyReplay replays a trace once and writes the alerts.
const policyReplay = `
receivers:
  file:
    include: [%q]
    exit_when_done: true
processors:
  sysflow_policy:
    policies: [%q]
exporters:
  file:
    path: alerts.json
service:
  pipelines:
    logs:
      receivers: [file]
      processors: [sysflow_policy]
      exporters: [file]
`

// replayAlerts replays a trace and counts its alerts, by rule.
func replayAlerts(t *testing.T, path, rules string) (counts map[string]int, alerts []plogs.Alert) {
	t.Helper()
	c := collector.Run(t, fmt.Sprintf(policyReplay, path, rules))
	counts = make(map[string]int)
	trace.ReadJSON(t, filepath.Join(c.Dir, "alerts.json"), func(ld plog.Logs) {
		require.NoError(t, plogs.NewDecoder().Decode(ld, func(o *plogs.Observation) error {
			require.NotNil(t, o.Alert)
			counts[o.Alert.Rule]++
			alerts = append(alerts, *o.Alert)
			return nil
		}))
	})
	return counts, alerts
}

// policyRules are a Falco rule, a SysFlow rule and a sequence.
const policyRules = `
- rule: Password hashes read
  desc: A program opened the file of the password hashes
  condition: evt.type in (open, openat) and fd.name = /etc/shadow
  output: "%proc.name read %fd.name below %proc.pname"
  priority: CRITICAL
- rule: Shell
  desc: A shell was started
  condition: sf.opflags = EXEC and sf.proc.name = sh
  priority: low
- sequence: Shell that connects
  desc: A shell of a web server called another machine
  by: ancestry
  within: 60s
  steps:
    - condition: sf.opflags = EXEC and sf.proc.name = sh and sf.pproc.name = nginx
    - condition: sf.type = NF and sf.opflags = CONNECT
  priority: alert
  output: "%proc.name connected to %fd.sip"
`

// writeRules writes a rule file of the test's own.
func writeRules(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path+"~", []byte(content), 0o600))
	require.NoError(t, os.Rename(path+"~", path))
}

var (
	policyServer = sysflow.OID{CreateTS: 1, HPID: 10}
	policyShell  = sysflow.OID{CreateTS: 2, HPID: 11}
)

// policyStory is a web server whose shell reads the password hashes and calls out.
func policyStory() []sysflow.Record {
	const second = int64(time.Second)
	t0 := 1_700_000_000 * second
	shadow := sysflow.NewFOID("", "/etc/shadow")
	return []sysflow.Record{
		&sysflow.Header{Version: sysflow.SchemaVersion, Exporter: "web-1"},
		&sysflow.Process{OID: policyServer, TS: t0, Exe: "/usr/sbin/nginx", UserName: "www"},
		&sysflow.Process{OID: policyShell, POID: &policyServer, TS: t0, Exe: "/bin/sh", ExeArgs: "-i", UserName: "www"},
		&sysflow.ProcessEvent{ProcOID: policyShell, TS: t0 + second, TID: 11, OpFlags: sysflow.OpExec},
		&sysflow.File{OID: shadow, TS: t0 + 2*second, Type: sysflow.FileRegular, Path: "/etc/shadow"},
		&sysflow.FileFlow{
			ProcOID: policyShell, TS: t0 + 2*second, EndTS: t0 + 3*second, TID: 11, FD: 3, FileOID: shadow,
			OpFlags: sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose, OpenFlags: sysflow.OpenReadOnly,
		},
		&sysflow.NetworkFlow{
			ProcOID: policyShell, TS: t0 + 4*second, EndTS: t0 + 5*second, TID: 11, FD: 4, OpFlags: sysflow.OpConnect,
			SIP: netip.MustParseAddr("10.0.0.1"), SPort: 40000, DIP: netip.MustParseAddr("203.0.113.7"), DPort: 4444, Proto: sysflow.ProtoTCP,
		},
	}
}

// TestPolicyReplay judges a stored trace.
func TestPolicyReplay(t *testing.T) {
	collector.Binary(t, "otelcol-sysflow")
	dir := t.TempDir()
	rules, path := filepath.Join(dir, "rules.yaml"), filepath.Join(dir, "story.sf")
	writeRules(t, rules, policyRules)
	file, err := os.Create(path)
	require.NoError(t, err)
	w, err := avro.NewWriter(file, avro.WriterOptions{})
	require.NoError(t, err)
	for _, rec := range policyStory() {
		require.NoError(t, w.Write(rec))
	}
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())

	_, alerts := replayAlerts(t, path, rules)
	assert.Equal(t, []plogs.Alert{
		{Rule: "Shell", Priority: "Low", Severity: 9, Text: "Shell: A shell was started"},
		{Rule: "Password hashes read", Priority: "Critical", Severity: 18, Text: "sh read /etc/shadow below nginx"},
		{
			Rule: "Shell that connects", Priority: "Alert", Severity: 19, Text: "sh connected to 203.0.113.7",
			Steps: []string{"execve by sh -i (pid 11)", "connect by sh -i (pid 11) on 10.0.0.1:40000->203.0.113.7:4444"},
		},
	}, alerts)
}

// TestPolicyReplayAttack finds the attack in a trace of the SysFlow project with its own
// rules.
func TestPolicyReplayAttack(t *testing.T) {
	collector.Binary(t, "otelcol-sysflow")
	counts, _ := replayAlerts(t, sharedtest.Trace(t, "sf/express-attack.v1000.sf"), sharedtest.Rules(t, "sysflow_ttps.yaml"))
	assert.Equal(t, 8, counts["Shell started by container entry point"], "%v", counts)
	assert.Equal(t, 1, counts["Write Below RPM/DPKG Database"], "%v", counts)
}
