package tests

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// liveConfig captures to a trace and to OTLP JSON at the same time.
const liveConfig = `
receivers:
  sysflow:
    capture:
      events:
        credentials: true
        namespaces: true
        ptrace: true
        signals: true
        modules: true
        bpf: true
        userfaultfd: true
        mounts: true
        memfd: true
        personality: true
        prctl: true
        file_attributes: true
        failed_opens: true
        open_events: true
        sockets: true
        unix_sockets: true
exporters:
  sysflow_avro:
    directory: traces
  file:
    path: logs.json
    flush_interval: 100ms
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [sysflow_avro, file]
`

// TestLive runs the scenario under live capture and wants every record that it must
// yield, exactly, and none besides.
func TestLive(t *testing.T) {
	collector.NeedCapture(t)
	program := scenario.Build(t, "scenario", "scenario")
	c := collector.Start(t, liveConfig)
	run := scenario.Execute(t, program)
	exe, args := scenario.OwnImage(t)
	want, err := scenario.Expect(run, exe, args)
	require.NoError(t, err)
	waitForExit(t, c, run)
	metrics := c.Metrics(t)
	c.Stop(t)

	t.Run("trace", func(t *testing.T) {
		f := scenario.NewFolder(want, run)
		for _, file := range trace.Files(t, filepath.Join(c.Dir, "traces")) {
			trace.ReadAvro(t, file, f.Add)
		}
		scenario.Check(t, want.V5(), f)
	})
	t.Run("logs", func(t *testing.T) {
		f, d := scenario.NewFolder(want, run), plogs.NewDecoder()
		trace.ReadJSON(t, filepath.Join(c.Dir, "logs.json"), func(ld plog.Logs) { trace.Decode(t, d, ld, f.Add) })
		assert.Zero(t, d.Ignored(), "attributes of a wrong type")
		assert.Zero(t, d.Skipped(), "log records that are not SysFlow")
		scenario.Check(t, want, f)
	})
	t.Run("IPv6 in logs", func(t *testing.T) { checkIPv6(t, filepath.Join(c.Dir, "logs.json")) })
	t.Run("nothing of the collector", func(t *testing.T) { checkNotSelf(t, c) })
	t.Run("nothing lost", func(t *testing.T) { checkLosses(t, metrics) })
	t.Run("nothing logged", func(t *testing.T) {
		for _, line := range c.Complaints() {
			// losses are judged by the metrics; what version 5 cannot say, by the lines of its traces
			if !strings.Contains(line, "Something is missing in what was captured") &&
				!strings.Contains(line, "Events with operations that schema version 5 does not have are left out") {
				t.Error(line)
			}
		}
	})
}

// TestLiveHeld begins the capture while a program has files and connections open.
func TestLiveHeld(t *testing.T) {
	collector.NeedCapture(t)
	held := scenario.Hold(t, scenario.Build(t, "scenario", "scenario"))
	c := collector.Start(t, liveConfig)
	c.WaitLog(t, collector.CaptureStarted)
	run := held.Continue(t)
	exe, args := scenario.OwnImage(t)
	want, err := scenario.Expect(run, exe, args)
	require.NoError(t, err)
	c.Stop(t) // at once: what has happened is in the trace
	f := scenario.NewFolder(want, run)
	for _, file := range trace.Files(t, filepath.Join(c.Dir, "traces")) {
		trace.ReadAvro(t, file, f.Add)
	}
	scenario.Check(t, want.V5(), f)
}

// rotatingConfig begins a new trace every few kilobytes.
const rotatingConfig = `
receivers:
  sysflow:
    capture:
      events:
        failed_opens: true
    flow:
      first_export: 100ms
      export_interval: 200ms
exporters:
  sysflow_avro:
    directory: traces
    # the first batches fill a trace, however quick the scenario is
    rotation:
      max_size: 8192
    sending_queue:
      enabled: false
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [sysflow_avro]
`

// TestLiveRotation spreads the same records over several traces, each of which has
// everything that its records refer to, and flows over several records.
func TestLiveRotation(t *testing.T) {
	collector.NeedCapture(t)
	program := scenario.Build(t, "scenario", "scenario")
	c := collector.Start(t, rotatingConfig)
	run := scenario.Execute(t, program)
	exe, args := scenario.OwnImage(t)
	want, err := scenario.Expect(run, exe, args)
	require.NoError(t, err)
	c.Stop(t)
	f := scenario.NewFolder(want, run)
	files := trace.Files(t, filepath.Join(c.Dir, "traces"))
	assert.Greater(t, len(files), 1, "traces")
	for _, file := range files {
		trace.ReadAvro(t, file, f.Add)
	}
	scenario.Check(t, want.V5(), f)
}

// waitForExit waits until the end of the scenario's first process has been exported.
func waitForExit(t *testing.T, c *collector.Collector, run *scenario.Run) {
	t.Helper()
	collector.Follow(filepath.Join(c.Dir, "logs.json")).Next(t, "the scenario's exit", func(o plogs.Observation) bool {
		e, ok := o.Event.(*sysflow.ProcessEvent)
		return ok && e.OpFlags == sysflow.OpExit && e.ProcOID.HPID == int64(run.PID)
	})
}

// checkIPv6 wants the scenario's IPv6 flows in the words of the semantic conventions.
func checkIPv6(t *testing.T, path string) {
	t.Helper()
	tcp, udp := 0, 0
	trace.ReadJSON(t, path, func(ld plog.Logs) {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					a := lr.Attributes().AsRaw()
					if a[plogs.KeyType] != "NF" || a[plogs.KeySourceAddress] != "::1" {
						continue
					}
					assert.Equal(t, "sysflow.network.flow", lr.EventName())
					assert.Equal(t, "ipv6", a[plogs.KeyNetworkType])
					assert.Equal(t, "::1", a[plogs.KeyDestAddress])
					assert.NotZero(t, a[plogs.KeySourcePort])
					assert.NotZero(t, a[plogs.KeyDestPort])
					switch a[plogs.KeyTransport] {
					case "tcp":
						tcp++
					case "udp":
						udp++
					}
				}
			}
		}
	})
	assert.GreaterOrEqual(t, tcp, 4, "TCP flows over IPv6")
	assert.GreaterOrEqual(t, udp, 6, "UDP flows over IPv6")
}

// checkNotSelf wants the collector itself left out.
func checkNotSelf(t *testing.T, c *collector.Collector) {
	t.Helper()
	d := plogs.NewDecoder()
	trace.ReadJSON(t, filepath.Join(c.Dir, "logs.json"), func(ld plog.Logs) {
		require.NoError(t, d.Decode(ld, func(o *plogs.Observation) error {
			if o.Event != nil && o.Process.OID.HPID == int64(c.PID()) {
				t.Errorf("a record of the collector: %+v", o.Event)
			}
			return nil
		}))
	})
}

func checkLosses(t *testing.T, metrics []collector.Metric) {
	t.Helper()
	for _, m := range collector.Losses(metrics) {
		// whatever else runs on this host may have long arguments; those of the
		// scenario are compared
		if m.Label("sysflow_loss_cause") != "args_cut" {
			t.Errorf("lost: %+v", m)
		}
	}
	assert.True(t, slices.ContainsFunc(metrics, func(m collector.Metric) bool {
		return strings.HasPrefix(m.Name, "otelcol_sysflow")
	}), "the capture has metrics of its own")
}
