package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// sink is an OTLP/HTTP server: where a collector exports to.
type sink struct {
	*httptest.Server

	mu sync.Mutex
	// arrived is when the record of a marker came in, in the order of wanted's keys.
	arrived map[string]time.Time
	// marker returns the marker of a record, "" when it has none.
	marker func(plog.LogRecord) string
	// complete is closed when that many markers have come.
	complete chan struct{}
	expected int
}

func newSink(tb testing.TB, expected int, marker func(plog.LogRecord) string) *sink {
	tb.Helper()
	s := &sink{
		arrived: make(map[string]time.Time), marker: marker, expected: expected,
		complete: make(chan struct{}),
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.Close)
	return s
}

func (s *sink) serve(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	body, err := io.ReadAll(r.Body)
	var ld plog.Logs
	if err == nil {
		// an export request has the wire format of the logs that it carries
		ld, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.take(ld, now)
	// no content is the response of a full success
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (s *sink) take(ld plog.Logs, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				m := s.marker(lr)
				if _, again := s.arrived[m]; m == "" || again {
					continue
				}
				s.arrived[m] = now
				if len(s.arrived) == s.expected {
					close(s.complete)
				}
			}
		}
	}
}

// wait returns when each marker arrived.
func (s *sink) wait(tb testing.TB) map[string]time.Time {
	tb.Helper()
	select {
	case <-s.complete:
	case <-time.After(30 * time.Second):
		s.mu.Lock()
		defer s.mu.Unlock()
		require.Len(tb, s.arrived, s.expected, "markers that arrived")
	}
	return s.arrived
}
