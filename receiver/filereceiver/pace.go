package filereceiver

import (
	"context"
	"math"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// paceAhead is how much earlier than its time a record may go, so that records of
// about the same time travel together.
const paceAhead = 100 * time.Millisecond

// pacer replays a trace at a multiple of the speed at which it was written.
type pacer struct {
	speed float64
	// start is when the first event went, first is the time it was written.
	start time.Time
	first int64
}

func newPacer(speed float64) *pacer { return &pacer{speed: speed} }

// wait returns how long a record has to wait. Entities go with the events that need them.
func (p *pacer) wait(rec sysflow.Record) time.Duration {
	if p.speed == 0 {
		return 0
	}
	written := writtenAt(rec)
	if written == 0 {
		return 0
	}
	now := time.Now()
	if p.start.IsZero() {
		p.start, p.first = now, written
	}
	ahead := min(float64(written-p.first)/p.speed, math.MaxInt64/2) // a duration that can be said
	due := p.start.Add(time.Duration(ahead))
	if wait := due.Sub(now); wait > paceAhead {
		return wait
	}
	return 0
}

// writtenAt returns when a record was written: the time of an event, the end of a
// flow or gap. It is 0 for entities, whose time may be long before the trace.
func writtenAt(rec sysflow.Record) int64 {
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		return r.TS
	case *sysflow.FileEvent:
		return r.TS
	case *sysflow.NetworkEvent:
		return r.TS
	case *sysflow.K8sEvent:
		return r.TS
	case *sysflow.ProcessFlow:
		return r.EndTS
	case *sysflow.FileFlow:
		return r.EndTS
	case *sysflow.NetworkFlow:
		return r.EndTS
	case *sysflow.Gap:
		return r.EndTS
	}
	return 0
}

// sleep reports whether it was not cut short by ctx.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
