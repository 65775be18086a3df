package run

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// BenchmarkRun is the whole way from a deflated trace in a file to the alerts.
func BenchmarkRun(b *testing.B) {
	const records = 200_000
	path := filepath.Join(b.TempDir(), "trace.sf")
	file, err := os.Create(path)
	require.NoError(b, err)
	w, err := avro.NewWriter(file, avro.WriterOptions{})
	require.NoError(b, err)
	sharedtest.Repeat(b, sharedtest.Trace(b, "sf/express-attack.v1000.sf"), records, func(rec sysflow.Record) {
		require.NoError(b, w.Write(rec))
	})
	require.NoError(b, w.Close())
	require.NoError(b, file.Close())

	for _, rules := range []string{"sysflow_ttps.yaml", "falco_rules.yaml"} {
		for _, mode := range [][]string{{"--count"}, {"-o", "lines"}, {"-o", "json"}} {
			b.Run(rules+mode[len(mode)-1], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					cmd := NewCommand()
					cmd.SetOut(io.Discard)
					cmd.SetArgs(append([]string{"-p", sharedtest.Rules(b, rules), path}, mode...))
					require.NoError(b, cmd.Execute())
				}
				b.ReportMetric(records*float64(b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}
