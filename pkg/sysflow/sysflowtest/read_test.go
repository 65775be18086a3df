package sysflowtest_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestReadFile(t *testing.T) {
	want := sysflowtest.Records(rand.New(rand.NewPCG(1, 2)), 500)
	path := filepath.Join(t.TempDir(), "trace.sf")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	w, err := avro.NewWriter(f, avro.WriterOptions{})
	require.NoError(t, err)
	for _, rec := range want {
		require.NoError(t, w.Write(rec))
	}
	require.NoError(t, w.Close())

	got := sysflowtest.ReadFile(t, path)
	require.Len(t, got, len(want))
	for i := range want {
		assert.Equal(t, want[i].Kind(), got[i].Kind(), "record %d", i)
	}
	n := 0
	sysflowtest.Each(t, path, func(sysflow.Record) bool { n++; return n < 7 })
	assert.Equal(t, 7, n)
}
