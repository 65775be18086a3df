package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

const (
	markers = 300
	// markerPause keeps the host idle between markers, and their times apart.
	markerPause = 10 * time.Millisecond

	firstExport = time.Second
	limitEvent  = 300 * time.Millisecond
)

// latencyConfig exports each batch at once, so that what is measured is the capture.
const latencyConfig = `
receivers:
  sysflow:
    flow:
      first_export: 1s
exporters:
  otlphttp:
    endpoint: %s
    compression: none
    sending_queue:
      enabled: false
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [otlphttp]
`

// BenchmarkLatency measures the time from a system call to the arrival at an OTLP server.
func BenchmarkLatency(b *testing.B) {
	collector.NeedCapture(b)
	for _, c := range []struct {
		name  string
		limit time.Duration
		// mark makes the system call.
		mark func(tb testing.TB, path string)
	}{
		{"event", limitEvent, func(tb testing.TB, path string) {
			require.NoError(tb, os.Mkdir(path, 0o700))
		}},
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
			var p50, p99, longest time.Duration
			for b.Loop() {
				p50, p99, longest = measureLatency(b, c.mark)
			}
			b.ReportMetric(float64(p50.Milliseconds()), "p50-ms")
			b.ReportMetric(float64(p99.Milliseconds()), "p99-ms")
			b.ReportMetric(float64(longest.Milliseconds()), "max-ms")
			b.ReportMetric(0, "ns/op")
			assert.Less(b, p99, c.limit)
		})
	}
}

func measureLatency(tb testing.TB, mark func(testing.TB, string)) (p50, p99, longest time.Duration) {
	tb.Helper()
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	require.NoError(tb, err)
	s := newSink(tb, markers, func(lr plog.LogRecord) string {
		if path, ok := lr.Attributes().Get(plogs.KeyFilePath); ok && strings.HasPrefix(path.Str(), dir) {
			return path.Str()
		}
		return ""
	})
	c := collector.Start(tb, fmt.Sprintf(latencyConfig, s.URL))
	made := make(map[string]time.Time)
	for i := range markers {
		path := filepath.Join(dir, fmt.Sprintf("marker-%d", i))
		made[path] = time.Now()
		mark(tb, path)
		time.Sleep(markerPause)
	}
	arrived := s.wait(tb)
	c.Stop(tb)
	var all []time.Duration
	for path, at := range made {
		all = append(all, arrived[path].Sub(at))
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
}
