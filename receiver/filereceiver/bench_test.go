package filereceiver

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

const benchRecords = 1_000_000

// BenchmarkReplay replays a trace of a million records through the receiver to a
// consumer that does nothing. Compare with BenchmarkBarePdata of package plogs.
func BenchmarkReplay(b *testing.B) {
	for _, bm := range []struct {
		name   string
		source func(testing.TB) []sysflow.Record
	}{
		{"generated", func(testing.TB) []sysflow.Record { return generate(1, 5000) }},
		{"express-attack", func(tb testing.TB) []sysflow.Record {
			return sysflowtest.ReadFile(tb, sharedtest.Trace(tb, "sf/express-attack.v1000.sf"))
		}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "bench.1700000000.sf")
			repeatTrace(b, path, bm.source(b))
			cfg := createDefaultConfig().(*Config)
			cfg.Include, cfg.ExitWhenDone = []string{path}, true
			b.ReportAllocs()
			before := cpuTime(b)
			for b.Loop() {
				replayForBench(b, cfg)
			}
			b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N)/benchRecords, "cpu-ns/record")
			b.ReportMetric(benchRecords*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func replayForBench(b *testing.B, cfg *Config) {
	r, err := newFileReceiver(receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(b, err)
	done := make(chan struct{})
	r.exit = func(context.Context) error {
		close(done)
		return nil
	}
	require.NoError(b, r.Start(b.Context(), nopHost()))
	<-done
	require.NoError(b, r.Shutdown(b.Context()))
}

// repeatTrace writes the records over and over, the header only once.
func repeatTrace(tb testing.TB, path string, records []sysflow.Record) {
	tb.Helper()
	f, err := os.Create(path)
	require.NoError(tb, err)
	out := bufio.NewWriter(f)
	w, err := avro.NewWriter(out, avro.WriterOptions{})
	require.NoError(tb, err)
	require.NoError(tb, w.Write(records[0]))
	for n := 1; n < benchRecords; n++ {
		require.NoError(tb, w.Write(records[1+(n-1)%(len(records)-1)]))
	}
	require.NoError(tb, errors.Join(w.Close(), out.Flush(), f.Close()))
}
