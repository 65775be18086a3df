package tests

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// optionsConfig turns on what is off by default.
const optionsConfig = `
receivers:
  sysflow:
    node:
      id: node-7
      ip: 192.0.2.7
    capture:
      pipes: true
      max_env: 4096
    flow:
      thread_events: true
exporters:
  file:
    path: logs.json
    flush_interval: 50ms
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [file]
`

// TestLiveOptions uses what is off by default, on the test's own process.
func TestLiveOptions(t *testing.T) {
	collector.NeedCapture(t)
	c := collector.Start(t, optionsConfig)
	c.WaitLog(t, collector.CaptureStarted)
	records := collector.Follow(filepath.Join(c.Dir, "logs.json"))

	r, w, err := os.Pipe()
	require.NoError(t, err)
	_, err = w.WriteString("12345")
	require.NoError(t, err)
	fd := int32(w.Fd())
	require.NoError(t, w.Close())
	require.NoError(t, r.Close())
	o := records.Next(t, "the pipe", func(o plogs.Observation) bool {
		f, ok := o.Event.(*sysflow.FileFlow)
		return ok && f.FD == fd && o.File.Type == sysflow.FilePipe && o.Process.OID.HPID == int64(os.Getpid())
	})
	flow, _ := o.Event.(*sysflow.FileFlow)
	assert.Equal(t, sysflow.Counters{NumWSendOps: 1, NumWSendBytes: 5}, flow.Counters)
	assert.Regexp(t, `^pipe:\[\d+\]$`, o.File.Path)
	assert.Equal(t, "node-7", o.Header.Exporter)
	assert.Equal(t, "192.0.2.7", o.Header.IP)

	t.Setenv("OTELCOL_SYSFLOW_TEST", "a value")
	run(t, "/bin/true")
	o = records.Next(t, "the program", func(o plogs.Observation) bool {
		e, ok := o.Event.(*sysflow.ProcessEvent)
		return ok && e.OpFlags == sysflow.OpExec && o.Process.POID.HPID == int64(os.Getpid())
	})
	assert.Contains(t, o.Process.Env, "OTELCOL_SYSFLOW_TEST=a value")

	thread := startThread()
	records.Next(t, "the thread", func(o plogs.Observation) bool {
		e, ok := o.Event.(*sysflow.ProcessEvent)
		return ok && e.OpFlags == sysflow.OpExit && e.TID == thread
	})
	c.Stop(t)
}

// TestLiveNotText opens a file whose name is no text in any encoding that OTLP knows.
func TestLiveNotText(t *testing.T) {
	collector.NeedCapture(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	path := filepath.Join(dir, "not \xff\xfe text")
	c := collector.Start(t, shortConfig)
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	collector.Follow(filepath.Join(c.Dir, "logs.json")).Next(t, "the file", func(o plogs.Observation) bool {
		return o.File != nil && o.File.Path == path
	})
	c.Stop(t)
}
