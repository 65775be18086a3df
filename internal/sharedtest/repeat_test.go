package sharedtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// trace writes a trace with a header and some processes.
func trace(t *testing.T, processes int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace.sf")
	file, err := os.Create(path)
	require.NoError(t, err)
	w, err := avro.NewWriter(file, avro.WriterOptions{})
	require.NoError(t, err)
	require.NoError(t, w.Write(&sysflow.Header{Version: sysflow.SchemaVersion}))
	for range processes {
		require.NoError(t, w.Write(&sysflow.Process{}))
	}
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())
	return path
}

func TestRepeat(t *testing.T) {
	var kinds []sysflow.Kind
	Repeat(t, trace(t, 2), 6, func(rec sysflow.Record) { kinds = append(kinds, rec.Kind()) })
	p := sysflow.KindProcess
	assert.Equal(t, []sysflow.Kind{sysflow.KindHeader, p, p, p, p, p}, kinds)
}

// failing is a test that notes how it fails.
type failing struct {
	testing.TB
	failed bool
}

func (*failing) Helper() {}

func (f *failing) Fatalf(string, ...any) {
	f.failed = true
	panic(f)
}

func TestRepeatNothing(t *testing.T) {
	f := &failing{TB: t}
	assert.PanicsWithValue(t, f, func() { Repeat(f, trace(t, 0), 5, func(sysflow.Record) {}) })
	assert.True(t, f.failed)
}
