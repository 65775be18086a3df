package sequence

import (
	"math"
	"time"
)

// clock is the newest time of a stream of records.
type clock struct {
	now     int64
	started bool
}

// advance follows the time of a record. Late records do not turn the clock back, but what
// is older than the slack means that the clock of the host was set back, or forward before.
func (c *clock) advance(ts int64, slack time.Duration) {
	if !c.started || ts > c.now || ts < before(c.now, slack) {
		c.now, c.started = ts, true
	}
}

func (c *clock) before(within, lateness time.Duration) int64 {
	return before(c.now, saturate(within, lateness))
}

func before(ts int64, d time.Duration) int64 {
	if t := ts - int64(d); t <= ts || d < 0 {
		return t
	}
	return math.MinInt64
}

func saturate(a, b time.Duration) time.Duration {
	if s := a + b; s >= a {
		return s
	}
	return math.MaxInt64
}
