package container

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeRuntime answers as it is told to.
type fakeRuntime struct {
	answer func(ctx context.Context, id cgroup.Identity) (Info, error)
	calls  atomic.Int64
	closed atomic.Bool
}

func (f *fakeRuntime) Inspect(ctx context.Context, id cgroup.Identity) (Info, error) {
	f.calls.Add(1)
	return f.answer(ctx, id)
}

func (f *fakeRuntime) String() string { return "/run/fake.sock" }

func (f *fakeRuntime) Close() error {
	f.closed.Store(true)
	return nil
}

func knows(_ context.Context, id cgroup.Identity) (Info, error) {
	return Info{Container: &sysflow.Container{ID: id.ID, Name: "web"}}, nil
}

func fails(err error) func(context.Context, cgroup.Identity) (Info, error) {
	return func(context.Context, cgroup.Identity) (Info, error) { return Info{}, err }
}

func hangs(ctx context.Context, _ cgroup.Identity) (Info, error) {
	<-ctx.Done()
	return Info{}, ctx.Err()
}

func identity(n int) cgroup.Identity {
	full := fmt.Sprintf("%064x", n)
	return cgroup.Identity{ID: full[52:], FullID: full}
}

func resolver(t *testing.T, change func(*Options), answers ...func(context.Context, cgroup.Identity) (Info, error)) (*Resolver, []*fakeRuntime) {
	t.Helper()
	opts := DefaultOptions()
	opts.Timeout = 50 * time.Millisecond
	if change != nil {
		change(&opts)
	}
	var fakes []*fakeRuntime
	var clients []Client
	for _, a := range answers {
		f := &fakeRuntime{answer: a}
		fakes, clients = append(fakes, f), append(clients, f)
	}
	r := NewResolver(clients, opts)
	t.Cleanup(func() {
		require.NoError(t, r.Close())
		for _, f := range fakes {
			assert.True(t, f.closed.Load())
		}
	})
	return r, fakes
}

func (r *Resolver) state(id cgroup.Identity) State {
	_, s := r.Lookup(id)
	return s
}

func eventually(t *testing.T, cond func() bool, what string) {
	t.Helper()
	require.Eventually(t, cond, 10*time.Second, time.Millisecond, what)
}

func TestLookup(t *testing.T) {
	r, fakes := resolver(t, nil, knows)
	id := identity(1)
	assert.Equal(t, Pending, r.state(id), "nobody waits")
	var found []Info
	eventually(t, func() bool {
		found = append(found, r.Found()...)
		return len(found) > 0
	}, "it is found")
	info, state := r.Lookup(id)
	assert.Equal(t, Known, state)
	assert.Equal(t, "web", info.Container.Name)
	assert.Same(t, info.Container, found[0].Container)
	assert.EqualValues(t, 1, fakes[0].calls.Load(), "asked once")
	stats := r.Stats()
	assert.Equal(t, Stats{Known: 1, Outcomes: [NumOutcomes]uint64{OutcomeFound: 1}}, stats)
}

func TestLookupOfWhatNobodyKnows(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []func(context.Context, cgroup.Identity) (Info, error)
		want    Outcome
		state   State
	}{
		{"no runtimes", nil, OutcomeAbsent, Unknown},
		{"none there", []func(context.Context, cgroup.Identity) (Info, error){fails(ErrAbsent)}, OutcomeAbsent, Unknown},
		{
			"it may be about to be created",
			[]func(context.Context, cgroup.Identity) (Info, error){fails(ErrAbsent), fails(ErrNotFound)},
			OutcomeNotFound, Pending,
		},
		{
			"a runtime is down",
			[]func(context.Context, cgroup.Identity) (Info, error){fails(errors.New("refused")), fails(ErrNotFound)},
			OutcomeFailed, Unknown,
		},
		{
			"a runtime hangs",
			[]func(context.Context, cgroup.Identity) (Info, error){hangs, fails(ErrNotFound)},
			OutcomeTimeout, Unknown,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, _ := resolver(t, nil, test.answers...)
			r.Lookup(identity(1))
			eventually(t, func() bool { return r.Stats().Outcomes[test.want] > 0 }, test.want.String())
			assert.Equal(t, test.state, r.state(identity(1)))
			assert.Empty(t, r.Found())
		})
	}
}

func TestOneOfSeveralRuntimesKnows(t *testing.T) {
	r, _ := resolver(t, func(o *Options) { o.Timeout = time.Hour }, hangs, fails(errors.New("refused")), knows, fails(ErrNotFound))
	r.Lookup(identity(1))
	eventually(t, func() bool { return r.state(identity(1)) == Known }, "the others do not matter")
}

func TestLateAnswer(t *testing.T) {
	var up atomic.Bool
	for name, before := range map[string]func(context.Context, cgroup.Identity) (Info, error){
		"created late": fails(ErrNotFound), "restarted": fails(errors.New("refused")), "hung": hangs,
	} {
		t.Run(name, func(t *testing.T) {
			up.Store(false)
			r, fakes := resolver(t, nil, func(ctx context.Context, id cgroup.Identity) (Info, error) {
				if up.Load() {
					return knows(ctx, id)
				}
				return before(ctx, id)
			})
			r.Lookup(identity(1))
			eventually(t, func() bool { return fakes[0].calls.Load() > 1 }, "it is asked again")
			up.Store(true)
			eventually(t, func() bool { return len(r.Found()) == 1 }, "without being looked up again")
			assert.Equal(t, Known, r.state(identity(1)))
		})
	}
}

func TestHungRuntimeIsLeftAlone(t *testing.T) {
	r, fakes := resolver(t, func(o *Options) { o.QueueSize = 1000 }, hangs)
	for i := range 200 {
		r.Lookup(identity(i))
	}
	eventually(t, func() bool { return r.Stats().Outcomes[OutcomeTimeout] >= 200 }, "all are answered")
	assert.Less(t, fakes[0].calls.Load(), int64(100), "the first ones wait for the runtime, the others do not")
}

func TestBounds(t *testing.T) {
	t.Run("queue", func(t *testing.T) {
		r, _ := resolver(t, func(o *Options) { o.QueueSize, o.Timeout = 10, time.Hour }, hangs)
		for i := range 30 {
			r.Lookup(identity(i))
		}
		assert.EqualValues(t, 20, r.Stats().Dropped)
		assert.Equal(t, 10, r.Stats().Waiting)
		assert.Equal(t, Unknown, r.state(identity(29)))
	})
	t.Run("cache", func(t *testing.T) {
		r, fakes := resolver(t, func(o *Options) { o.CacheSize = 10 }, knows)
		for i := range 11 {
			r.Lookup(identity(i))
			eventually(t, func() bool { return r.state(identity(i)) == Known }, "known")
			r.Lookup(identity(0)) // stays since it is used
		}
		assert.EqualValues(t, 1, r.Stats().Evicted)
		assert.Equal(t, 10, r.Stats().Known)
		assert.Equal(t, Known, r.state(identity(0)))
		assert.Equal(t, Pending, r.state(identity(1)), "forgotten")
		eventually(t, func() bool { return fakes[0].calls.Load() == 12 }, "and asked about again")
	})
	t.Run("evicted while it waits", func(t *testing.T) {
		r, _ := resolver(t, func(o *Options) { o.CacheSize, o.Timeout = 2, time.Hour }, hangs)
		for i := range 100 {
			r.Lookup(identity(i))
		}
		assert.LessOrEqual(t, r.Stats().Waiting, 2)
	})
}

func TestGivenUp(t *testing.T) {
	e := &entry{id: identity(1), attempts: maxAttempts - 1, asked: true}
	r := &Resolver{opts: DefaultOptions(), cache: newCache(10), wake: make(chan struct{}, 1)}
	r.cache.add(e)
	r.settle(e, Info{}, OutcomeNotFound)
	assert.Zero(t, r.queue.Len(), "not asked about any more")
	assert.Equal(t, Unknown, r.state(e.id))
	assert.Zero(t, r.queue.Len())
	e.due = time.Now().Add(-time.Second)
	assert.Equal(t, Unknown, r.state(e.id))
	assert.Equal(t, 1, r.queue.Len(), "until it is seen again, later")
}

func TestNotify(t *testing.T) {
	var mu sync.Mutex
	var got []string
	var up atomic.Bool
	note := func(o *Options) {
		o.Notify = func(runtime string, err error) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprint(runtime, " ", err))
		}
	}
	r, _ := resolver(t, note, func(ctx context.Context, id cgroup.Identity) (Info, error) {
		if up.Load() {
			return knows(ctx, id)
		}
		return Info{}, errors.New("refused")
	})
	r.Lookup(identity(1))
	eventually(t, func() bool { return r.Stats().Outcomes[OutcomeFailed] > 2 }, "several failures")
	up.Store(true)
	eventually(t, func() bool { return r.state(identity(1)) == Known }, "up again")
	mu.Lock()
	defer mu.Unlock()
	assert.Equal(t, []string{"/run/fake.sock refused", "/run/fake.sock <nil>"}, got, "once each")
}

func TestRetry(t *testing.T) {
	assert.Equal(t, firstRetry, OutcomeNotFound.retry(1))
	assert.Equal(t, 2*firstRetry, OutcomeNotFound.retry(2))
	assert.Equal(t, lastRetry, OutcomeFailed.retry(1000))
	assert.Equal(t, lastRetry, OutcomeAbsent.retry(1))
}
