package print

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// BenchmarkPrint is the whole way of a deflated trace from the file to the output.
func BenchmarkPrint(b *testing.B) {
	const records = 100_000
	var trace bytes.Buffer
	w, err := avro.NewWriter(&trace, avro.WriterOptions{})
	require.NoError(b, err)
	for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(1, 2)), records) {
		require.NoError(b, w.Write(rec))
	}
	require.NoError(b, w.Close())
	path := filepath.Join(b.TempDir(), "trace.sf")
	require.NoError(b, os.WriteFile(path, trace.Bytes(), 0o600))

	for _, format := range []string{"json", "csv", "table"} {
		b.Run(format, func(b *testing.B) {
			o := &options{output: format, look: render.LookFlags{Width: "auto", Color: "auto"}}
			b.ReportAllocs()
			for b.Loop() {
				look, err := newView(o)
				require.NoError(b, err)
				rows, err := newFilter(o, time.Time{})
				require.NoError(b, err)
				var read atomic.Int64
				p := &printer{renderer: look.renderer(io.Discard), filter: rows, read: &read, stderr: io.Discard}
				if err := p.files([]input.File{{Path: path}}); err != nil && !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
