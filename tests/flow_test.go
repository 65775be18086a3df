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

// shortConfig makes the times of flows short.
const shortConfig = `
receivers:
  sysflow:
    flow:
      first_export: 200ms
      export_interval: 1s
      idle_timeout: 2s
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

// TestLiveLongFlow follows a file that stays open: seen soon, then reported now and then,
// cut off when nothing happens, and begun anew when something does.
func TestLiveLongFlow(t *testing.T) {
	collector.NeedCapture(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	path := filepath.Join(dir, "long")
	c := collector.Start(t, shortConfig)
	records := collector.Follow(filepath.Join(c.Dir, "logs.json"))
	next := func(what string) *sysflow.FileFlow {
		t.Helper()
		o := records.Next(t, what, func(o plogs.Observation) bool {
			_, ok := o.Event.(*sysflow.FileFlow)
			return ok && o.File != nil && o.File.Path == path
		})
		return o.Event.(*sysflow.FileFlow)
	}
	write := func(f *os.File, n int) {
		_, werr := f.Write(make([]byte, n))
		require.NoError(t, werr)
	}

	file, err := os.Create(path)
	require.NoError(t, err)
	write(file, 10)
	first := next("the beginning of the flow")
	assert.Equal(t, sysflow.OpOpen|sysflow.OpWriteSend, first.OpFlags)
	assert.Equal(t, sysflow.Counters{NumWSendOps: 1, NumWSendBytes: 10}, first.Counters)

	write(file, 20)
	write(file, 21)
	more := next("its second part")
	assert.Equal(t, sysflow.OpWriteSend, more.OpFlags)
	assert.Equal(t, first.OpenFlags, more.OpenFlags)
	assert.Equal(t, first.EndTS, more.TS)
	assert.Equal(t, sysflow.Counters{NumWSendOps: 2, NumWSendBytes: 41}, more.Counters)

	idle := next("its end, because nothing happens")
	assert.Equal(t, sysflow.OpTruncate, idle.OpFlags&sysflow.OpTruncate)
	assert.Zero(t, idle.Counters)

	write(file, 5)
	require.NoError(t, file.Close())
	last := next("the next flow")
	assert.Equal(t, sysflow.OpWriteSend|sysflow.OpClose, last.OpFlags)
	assert.Equal(t, sysflow.Counters{NumWSendOps: 1, NumWSendBytes: 5}, last.Counters)
	c.Stop(t)
}
