package bench

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// sink is an OTLP/HTTP server: where a collector exports to.
type sink struct {
	*httptest.Server

	mu sync.Mutex
	// arrived is when the record of a marker came in.
	arrived map[string]time.Time
	// marker returns the marker of a record, "" when it has none. It is called for every record,
	// one at a time.
	marker func(plog.LogRecord) string
}

func newSink(tb testing.TB, marker func(plog.LogRecord) string) *sink {
	tb.Helper()
	s := &sink{arrived: make(map[string]time.Time), marker: marker}
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
				if _, again := s.arrived[m]; m != "" && !again {
					s.arrived[m] = now
				}
			}
		}
	}
}

const arrivalTimeout = 30 * time.Second

// wait returns when each marker arrived, once that many have.
func (s *sink) wait(tb testing.TB, expected int) map[string]time.Time {
	tb.Helper()
	count := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.arrived)
	}
	require.EventuallyWithT(tb, func(c *assert.CollectT) {
		assert.Equal(c, expected, count(), "markers that arrived")
	}, arrivalTimeout, pollInterval)
	return s.arrived
}
