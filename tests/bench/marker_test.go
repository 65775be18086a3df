package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

const (
	markers = 300
	// markerPause keeps the host idle between markers, and their times apart.
	markerPause = 10 * time.Millisecond
)

// exportConfig sends each batch at once, so that what is measured is the capture. It has room for
// keys of the receiver and the address of the server.
const exportConfig = `
receivers:
  sysflow:
%s
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

// markedDir makes a folder for markers, under its real name, and returns what finds them in
// records by their path.
func markedDir(tb testing.TB) (dir string, marker func(plog.LogRecord) string) {
	tb.Helper()
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	require.NoError(tb, err)
	return dir, func(lr plog.LogRecord) string {
		if path, ok := lr.Attributes().Get(plogs.KeyFilePath); ok && strings.HasPrefix(path.Str(), dir+"/marker-") {
			return path.Str()
		}
		return ""
	}
}

// makeMarkers makes markers one after the other while more says so of their number, and returns
// when each was made.
func makeMarkers(tb testing.TB, dir string, mark func(tb testing.TB, path string), more func(made int) bool) map[string]time.Time {
	tb.Helper()
	made := make(map[string]time.Time)
	for more(len(made)) {
		path := filepath.Join(dir, fmt.Sprintf("marker-%d", len(made)))
		made[path] = time.Now()
		mark(tb, path)
		time.Sleep(markerPause)
	}
	return made
}

// makeEvent is a marker that is an event.
func makeEvent(tb testing.TB, path string) {
	tb.Helper()
	require.NoError(tb, os.Mkdir(path, 0o700))
}

// latency is how long markers took to arrive.
type latency struct{ p50, p99, longest time.Duration }

func latencyOf(made, arrived map[string]time.Time) latency {
	var all []time.Duration
	for path, at := range made {
		all = append(all, arrived[path].Sub(at))
	}
	slices.Sort(all)
	return latency{p50: all[len(all)/2], p99: all[len(all)*99/100], longest: all[len(all)-1]}
}

func (l latency) report(b *testing.B) {
	b.ReportMetric(float64(l.p50.Milliseconds()), "p50-ms")
	b.ReportMetric(float64(l.p99.Milliseconds()), "p99-ms")
	b.ReportMetric(float64(l.longest.Milliseconds()), "max-ms")
}
