package render

import (
	"io"
	"math/rand/v2"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// countingWriter counts bytes, to report the size of a row.
type countingWriter struct{ n int64 }

func (w *countingWriter) Write(p []byte) (int, error) {
	w.n += int64(len(p))
	return len(p), nil
}

// BenchmarkRow renders events together with the join of their entities.
func BenchmarkRow(b *testing.B) {
	recs := sysflowtest.Records(rand.New(rand.NewPCG(1, 2)), 20_000)
	defaults, err := fields.Select(fields.DefaultNames())
	if err != nil {
		b.Fatal(err)
	}
	for _, bc := range []struct {
		name string
		new  func(w io.Writer) Renderer
	}{
		{"json", func(w io.Writer) Renderer { return NewJSON(w, fields.Complete(), true) }},
		{"json-default-fields", func(w io.Writer) Renderer { return NewJSON(w, defaults, true) }},
		{"csv", func(w io.Writer) Renderer { return NewCSV(w, fields.Complete()) }},
		{"table", func(w io.Writer) Renderer { return NewTable(w, defaults, TableOptions{}) }},
	} {
		b.Run(bc.name, func(b *testing.B) {
			var out countingWriter
			renderer := bc.new(&out)
			var table sysflow.Table
			var row fields.Row
			rows, i := int64(0), 0
			b.ReportAllocs()
			for b.Loop() {
				for entity := true; entity; i = (i + 1) % len(recs) {
					entity = table.Put(recs[i])
					if !entity {
						row.Set(&table, recs[i])
					}
				}
				if err := renderer.Row(&row); err != nil {
					b.Fatal(err)
				}
				rows++
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(out.n)/float64(rows), "B/row")
		})
	}
}
