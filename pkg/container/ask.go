package container

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

// Outcome is what came of asking about a container.
type Outcome uint8

// Outcomes. A worse one of one runtime counts only when no runtime knows the container.
const (
	// OutcomeFound: a runtime knows it.
	OutcomeFound Outcome = iota
	// OutcomeNotFound: all runtimes that are there have answered, and none knows it.
	OutcomeNotFound
	// OutcomeAbsent: there is no runtime.
	OutcomeAbsent
	// OutcomeTimeout: a runtime did not answer in time, or is not asked since it lately did not.
	OutcomeTimeout
	// OutcomeFailed: a runtime could not be asked.
	OutcomeFailed

	// NumOutcomes is the number of outcomes.
	NumOutcomes = int(OutcomeFailed) + 1
)

var outcomeNames = [NumOutcomes]string{"found", "not_found", "absent", "timeout", "failed"}

// String returns the outcome as it is named in telemetry.
func (o Outcome) String() string { return outcomeNames[o] }

// Times between attempts. A container may be running before its runtime tells about it, so that
// is asked for again soon at first.
const (
	firstRetry = 25 * time.Millisecond
	soon       = 2 * time.Second
	lastRetry  = 30 * time.Second
	// maxAttempts is after how many a container that no runtime knows is left alone, until its
	// processes are seen again after a lastRetry.
	maxAttempts = 12
)

// retry returns after what time to ask again.
func (o Outcome) retry(attempts int) time.Duration {
	if o == OutcomeAbsent {
		return lastRetry
	}
	d := firstRetry
	for range attempts - 1 {
		if d *= 2; d >= lastRetry {
			return lastRetry
		}
	}
	return d
}

// ask asks all runtimes at once.
func ask(ctx context.Context, runtimes []*runtime, id cgroup.Identity) (Info, Outcome) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		info    Info
		outcome Outcome
	}
	answers := make(chan answer, len(runtimes))
	for _, rt := range runtimes {
		go func() {
			info, outcome := rt.inspect(ctx, id)
			answers <- answer{info, outcome}
		}()
	}
	var seen [NumOutcomes]bool
	var info Info
	for range runtimes {
		a := <-answers
		seen[a.outcome] = true
		if a.outcome == OutcomeFound && info.Container == nil {
			info = a.info
			cancel() // the others need not go on
		}
	}
	for _, o := range []Outcome{OutcomeFound, OutcomeTimeout, OutcomeFailed, OutcomeNotFound} {
		if seen[o] {
			return info, o
		}
	}
	return Info{}, OutcomeAbsent
}

// runtime is a client that is left alone for a while when it does not answer.
type runtime struct {
	client  Client
	timeout time.Duration
	notify  func(string, error)

	mu       sync.Mutex
	failures int
	outcome  Outcome
	until    time.Time
	// reported is what was notified last.
	reported, failed bool
}

func (rt *runtime) inspect(ctx context.Context, id cgroup.Identity) (Info, Outcome) {
	if o, closed := rt.isClosed(); closed {
		return Info{}, o
	}
	callCtx, cancel := context.WithTimeout(ctx, rt.timeout)
	defer cancel()
	info, err := rt.client.Inspect(callCtx, id)
	switch {
	case err == nil:
		rt.note(OutcomeFound, nil)
		return info, OutcomeFound
	case errors.Is(err, ErrNotFound):
		rt.note(OutcomeNotFound, nil)
		return Info{}, OutcomeNotFound
	case errors.Is(err, ErrAbsent):
		return Info{}, OutcomeAbsent
	case ctx.Err() != nil: // nobody wants to know any more
		return Info{}, OutcomeAbsent
	case callCtx.Err() != nil:
		rt.note(OutcomeTimeout, err)
		return Info{}, OutcomeTimeout
	}
	rt.note(OutcomeFailed, err)
	return Info{}, OutcomeFailed
}

// isClosed tells whether the runtime is left alone for now, and why.
func (rt *runtime) isClosed() (Outcome, bool) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.outcome, rt.failures > 0 && time.Now().Before(rt.until)
}

// note counts failures in a row; after each the runtime is left alone for longer.
func (rt *runtime) note(o Outcome, err error) {
	rt.mu.Lock()
	changed := !rt.reported || rt.failed != (err != nil)
	rt.reported, rt.failed, rt.outcome = true, err != nil, o
	if err == nil {
		rt.failures = 0
	} else {
		rt.failures++
		rt.until = time.Now().Add(o.retry(rt.failures + leaveAlone))
	}
	rt.mu.Unlock()
	if changed && rt.notify != nil {
		rt.notify(rt.client.String(), err)
	}
}

// leaveAlone makes the first pause after a failure 200 ms: short enough for a restart, and nearly
// free for a failure that lasts.
const leaveAlone = 3
