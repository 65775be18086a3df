package bench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

const (
	firstExport = time.Second
	limitEvent  = 300 * time.Millisecond
)

// BenchmarkLatency measures the time from a system call to the arrival at an OTLP server.
func BenchmarkLatency(b *testing.B) {
	collector.NeedCapture(b)
	for _, c := range []struct {
		name  string
		limit time.Duration
		// mark makes the system call.
		mark func(tb testing.TB, path string)
	}{
		{"event", limitEvent, makeEvent},
		{"flow closed at once", limitEvent, func(tb testing.TB, path string) {
			require.NoError(tb, os.WriteFile(path, []byte("x"), 0o600))
		}},
		{"flow left open", firstExport + limitEvent, func(tb testing.TB, path string) {
			f, err := os.Create(path)
			require.NoError(tb, err)
			tb.Cleanup(func() { _ = f.Close() })
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var l latency
			for b.Loop() {
				l = measureLatency(b, c.mark)
			}
			l.report(b)
			b.ReportMetric(0, "ns/op")
			assert.Less(b, l.p99, c.limit)
		})
	}
}

func measureLatency(tb testing.TB, mark func(testing.TB, string)) latency {
	tb.Helper()
	dir, marker := markedDir(tb)
	s := newSink(tb, marker)
	c := collector.Start(tb, fmt.Sprintf(exportConfig, fmt.Sprintf("    flow: {first_export: %v}", firstExport), s.URL))
	made := makeMarkers(tb, dir, mark, func(made int) bool { return made < markers })
	arrived := s.wait(tb, len(made))
	c.Stop(tb)
	return latencyOf(made, arrived)
}
