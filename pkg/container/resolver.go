package container

import (
	"context"
	"sync"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

// Options adjusts a Resolver. DefaultOptions has the usual values.
type Options struct {
	// Timeout is how long a runtime may take to answer.
	Timeout time.Duration
	// CacheSize is how many containers are remembered.
	CacheSize int
	// QueueSize is how many containers may wait to be asked about.
	QueueSize int
	// Workers is how many are asked about at once.
	Workers int
	// Notify is called, from any goroutine, when a runtime answers for the first time, or again
	// (err is nil), and when it fails. It may be nil.
	Notify func(runtime string, err error)
}

// DefaultOptions returns what is documented for the collector.
func DefaultOptions() Options {
	return Options{Timeout: time.Second, CacheSize: 4096, QueueSize: 1024, Workers: 4}
}

// State is how much is known of a container.
type State uint8

// States of a container.
const (
	// Unknown: no runtime knows the container or can be asked, or too many wait to be asked
	// about. It may become Known later.
	Unknown State = iota
	// Pending: an answer may come any moment.
	Pending
	// Known: a runtime has described the container.
	Known
)

// Resolver finds out about containers. All methods return at once; runtimes are asked by
// goroutines of its own, each time for Timeout at most. It may be used from several goroutines.
type Resolver struct {
	opts     Options
	runtimes []*runtime
	cancel   context.CancelFunc
	done     sync.WaitGroup
	wake     chan struct{}

	mu    sync.Mutex
	cache cache
	queue queue
	// fresh counts the containers that were not asked about yet.
	fresh int
	found []Info
	stats Stats
}

// NewResolver returns a resolver that asks the given runtimes, all of them about every container:
// the first that knows it is believed. It closes them at the end.
func NewResolver(clients []Client, opts Options) *Resolver {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Resolver{opts: opts, cancel: cancel, wake: make(chan struct{}, 1), cache: newCache(opts.CacheSize)}
	for _, c := range clients {
		r.runtimes = append(r.runtimes, &runtime{client: c, timeout: opts.Timeout, notify: opts.Notify})
	}
	r.done.Go(func() { r.dispatch(ctx) })
	return r
}

// Close stops asking, and closes the clients.
func (r *Resolver) Close() error {
	r.cancel()
	r.done.Wait()
	var first error
	for _, rt := range r.runtimes {
		if err := rt.client.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Lookup returns what is known of a container, and has the runtimes asked when that is nothing. Info
// must not be changed.
func (r *Resolver) Lookup(id cgroup.Identity) (Info, State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.cache.get(id.ID)
	switch {
	case e == nil:
		return Info{}, r.add(id)
	case e.state == Unknown && !e.queued && !e.busy && time.Now().After(e.due):
		r.enqueue(e)
	}
	return e.info, e.state
}

// Found returns the containers that have become known since it was called last.
func (r *Resolver) Found() []Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.found
	r.found = nil
	return found
}

// add begins to ask about a container.
func (r *Resolver) add(id cgroup.Identity) State {
	if r.fresh >= r.opts.QueueSize {
		r.stats.Dropped++
		return Unknown
	}
	e := &entry{id: id, state: Pending}
	r.fresh++
	if old := r.cache.add(e); old != nil {
		r.stats.Evicted++
		r.queue.remove(old)
		r.settled(old)
	}
	r.enqueue(e)
	return Pending
}

func (r *Resolver) enqueue(e *entry) {
	r.queue.add(e)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// settled takes an entry out of the count of fresh ones.
func (r *Resolver) settled(e *entry) {
	if !e.asked {
		r.fresh--
	}
	e.asked = true
}

// dispatch asks about containers when they are due.
func (r *Resolver) dispatch(ctx context.Context) {
	slots := make(chan struct{}, r.opts.Workers)
	for {
		e, wait := r.next(time.Now())
		if e == nil {
			timer := time.NewTimer(wait)
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-r.wake:
			case <-timer.C:
			}
			timer.Stop()
			continue
		}
		select {
		case <-ctx.Done():
			return
		case slots <- struct{}{}:
		}
		r.done.Go(func() {
			defer func() { <-slots }()
			info, outcome := ask(ctx, r.runtimes, e.id)
			r.settle(e, info, outcome)
		})
	}
}

// idle is how long dispatch sleeps when nothing is to be asked.
const idle = time.Hour

// next takes a container that is due, or tells how long there is none.
func (r *Resolver) next(now time.Time) (*entry, time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.queue.first()
	if e == nil {
		return nil, idle
	}
	if wait := e.due.Sub(now); wait > 0 {
		return nil, wait
	}
	r.queue.remove(e)
	e.busy = true
	return e, 0
}

// settle notes what came of asking.
func (r *Resolver) settle(e *entry, info Info, o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Outcomes[o]++
	e.busy = false
	r.settled(e)
	if !r.cache.has(e) {
		return // evicted meanwhile
	}
	e.attempts++
	if o == OutcomeFound {
		e.info, e.state = info, Known
		if len(r.found) < r.opts.CacheSize { // else it waits to be looked up
			r.found = append(r.found, info)
		}
		return
	}
	again := o.retry(e.attempts)
	e.state = Unknown
	if o == OutcomeNotFound && again <= soon {
		e.state = Pending // it may be about to be created
	}
	e.due = time.Now().Add(again)
	if e.attempts < maxAttempts || o != OutcomeNotFound {
		r.enqueue(e)
	}
}

// Stats tells what the resolver holds and did.
type Stats struct {
	// Known and Waiting are how many containers are known, and not yet asked about.
	Known, Waiting int
	// Outcomes counts how often asking about a container ended in each way.
	Outcomes [NumOutcomes]uint64
	// Dropped counts containers that were not asked about because too many waited. Evicted
	// counts those that were forgotten because there were too many.
	Dropped, Evicted uint64
}

// Stats returns the current figures.
func (r *Resolver) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Waiting = r.fresh
	s.Known = r.cache.known()
	return s
}
