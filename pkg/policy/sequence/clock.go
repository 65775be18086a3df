package sequence

import (
	"math"
	"time"
)

// clock is the newest time of a stream of records. A single record with a wrong time does
// not move it ahead.
type clock struct {
	now     int64
	started bool
	// ahead is the time of a record that is ahead by more than the slack, if one waits for
	// another to confirm it.
	ahead int64
	waits bool
	// passed is how far the clock went in all. It may wrap around: only differences count.
	passed uint64
}

// move is what a record does to a clock.
type move int

const (
	steady move = iota
	// jumped says that the clock went ahead by more than the slack.
	jumped
	// setBack says that a record was older than the slack.
	setBack
)

// advance follows the time of a record. Late records do not turn the clock back, but what
// is older than the slack means that the clock of the host was set back, or that it was
// wrong before. What is ahead by more than the slack must be confirmed: the clock goes as
// far as two records in a row agree on.
func (c *clock) advance(ts int64, slack time.Duration) move {
	switch {
	case !c.started:
		c.now, c.started = ts, true
	case ts < before(c.now, slack):
		c.now, c.waits = ts, false
		return setBack
	case ts <= after(c.now, slack):
		c.waits = false
		c.forward(ts)
	case !c.waits:
		c.ahead, c.waits = ts, true
	default:
		further := max(c.ahead, ts)
		c.forward(min(c.ahead, ts))
		c.waits = false
		c.advance(further, slack)
		return jumped
	}
	return steady
}

func (c *clock) forward(ts int64) {
	if ts > c.now {
		// The difference of two times that are in order always fits an unsigned number.
		c.passed += uint64(ts) - uint64(c.now)
		c.now = ts
	}
}

func before(ts int64, d time.Duration) int64 {
	if t := ts - int64(d); t <= ts || d < 0 {
		return t
	}
	return math.MinInt64
}

func after(ts int64, d time.Duration) int64 {
	if t := ts + int64(d); t >= ts || d < 0 {
		return t
	}
	return math.MaxInt64
}

func saturate(a, b time.Duration) time.Duration {
	if s := a + b; s >= a {
		return s
	}
	return math.MaxInt64
}
