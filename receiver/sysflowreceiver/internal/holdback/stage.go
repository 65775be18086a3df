// Package holdback completes a stream of records by what is known of their containers. The first
// records of a container are held back for a short while, until its runtime has told about it;
// should it not do so in time, they go on with the container's id alone, and the description
// follows when it comes.
package holdback

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Directory knows containers; see container.Resolver, which is one.
type Directory interface {
	Lookup(id cgroup.Identity) (container.Info, container.State)
	Found() []container.Info
}

// Options adjusts a Stage.
type Options struct {
	// Wait is how long records are held back at most.
	Wait time.Duration
	// MaxHeld is how many records are held back at once at most.
	MaxHeld int
	// Identify tells the full identity of a container.
	Identify func(id string) cgroup.Identity
	// Now is the clock, time.Now if nil.
	Now func() time.Time
}

// Cause is why the records of a container went on without its description.
type Cause uint8

// Causes, for each of which there is a counter.
const (
	// CauseWait: no runtime has told about it within Wait.
	CauseWait Cause = iota
	// CauseUnknown: no runtime knows it, or can be asked.
	CauseUnknown
	// CauseFull: too many records were held back.
	CauseFull

	// NumCauses is the number of causes.
	NumCauses = int(CauseFull) + 1
)

var causeNames = [NumCauses]string{"wait_over", "unknown", "held_full"}

// String returns the cause as it is named in telemetry.
func (c Cause) String() string { return causeNames[c] }

// Stats tells what a Stage did.
type Stats struct {
	// Held is how many records are held back now.
	Held int
	// Containers and Pods count their records.
	Containers, Pods uint64
	// Incomplete counts containers whose records went on with the id alone, by cause.
	Incomplete [NumCauses]uint64
}

// Stage puts the records of containers and pods before those of processes. The records of one
// process stay in order, as do those of a process and its parent's that precede it; others may
// overtake what is held back. It is to be used from one goroutine.
type Stage struct {
	opts Options
	dir  Directory
	out  func(sysflow.Record)

	containers *recent.Map[string, *state]
	// holds are those that are under way, the oldest first.
	holds []*hold
	// procs are the processes with records in a hold.
	procs map[sysflow.OID]*hold
	stats Stats
}

// state is what is going on about a container.
type state struct {
	identity cgroup.Identity
	// hold is nil when the container's records go on at once.
	hold *hold
	// said is what was written about the container last.
	said *sysflow.Container
}

// hold is what is held back for the sake of some containers, usually one.
type hold struct {
	containers []*state
	records    []sysflow.Record
	procs      []sysflow.OID
	until      time.Time
}

// New returns a stage that asks dir and hands records on to out, which may keep no event and no
// flow after it returns.
func New(dir Directory, out func(sysflow.Record), opts Options) *Stage {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Stage{
		opts:       opts,
		dir:        dir,
		out:        out,
		containers: new(recent.Map[string, *state]),
		procs:      make(map[sysflow.OID]*hold),
	}
}

// Add takes the next record. Events and flows need to be valid during the call only.
func (s *Stage) Add(rec sysflow.Record) {
	var h *hold
	switch r := rec.(type) {
	case *sysflow.Process:
		h = s.holdOf(r)
	case *sysflow.File:
		if c, ok := s.containers.Peek(r.ContainerID); ok {
			h = c.hold
		}
	default:
		h = s.procs[actor(rec)]
	}
	if h == nil {
		s.emit(rec)
		return
	}
	h.records = append(h.records, sysflow.Clone(rec))
	s.stats.Held++
	for s.stats.Held > s.opts.MaxHeld {
		s.release(s.holds[0], CauseFull)
	}
}

// Tick hands on what need not wait any longer, and what has become known of containers. Call it
// several times a second.
func (s *Stage) Tick() {
	now := s.opts.Now()
	for i := 0; i < len(s.holds); {
		h := s.holds[i]
		switch {
		case !s.isPending(h):
			s.release(h, CauseUnknown)
		case !now.Before(h.until):
			s.release(h, CauseWait)
		default:
			i++
		}
	}
	for _, info := range s.dir.Found() {
		if c, ok := s.containers.Peek(info.Container.ID); ok && c.hold == nil {
			s.describe(c, info)
		}
	}
}

// Flush hands everything on.
func (s *Stage) Flush() {
	s.Tick()
	for len(s.holds) > 0 {
		s.release(s.holds[0], CauseWait)
	}
}

// Stats returns the current figures.
func (s *Stage) Stats() Stats { return s.stats }

// holdOf returns where a process belongs, nil when it need not be held back.
func (s *Stage) holdOf(p *sysflow.Process) *hold {
	h := s.procs[p.OID]
	if h == nil && p.POID != nil {
		h = s.procs[*p.POID]
	}
	if p.ContainerID != "" {
		c := s.container(p.ContainerID, h)
		switch {
		case c.hold != nil && h != nil && c.hold != h:
			// a process that goes from one new container to another
			s.release(h, CauseWait)
			h = c.hold
		case c.hold != nil:
			h = c.hold
		}
	}
	if h != nil && s.procs[p.OID] != h {
		s.procs[p.OID] = h
		h.procs = append(h.procs, p.OID)
	}
	return h
}

// container returns the state of a container. When it is a new one of which may become more
// known soon, a hold begins, or the one that its first process is in goes on for it.
func (s *Stage) container(id string, h *hold) *state {
	if c, ok := s.containers.Get(id); ok {
		return c
	}
	c := &state{identity: s.opts.Identify(id)}
	s.containers.Put(id, c)
	if c.identity.ID == "" {
		return c
	}
	_, st := s.dir.Lookup(c.identity)
	if st != container.Pending || s.opts.Wait <= 0 {
		if st != container.Known {
			s.stats.Incomplete[CauseUnknown]++
		}
		return c
	}
	if h == nil {
		h = &hold{until: s.opts.Now().Add(s.opts.Wait)}
		s.holds = append(s.holds, h)
	}
	h.containers = append(h.containers, c)
	c.hold = h
	return c
}

// isPending tells whether more may become known of a hold's containers soon.
func (s *Stage) isPending(h *hold) bool {
	for _, c := range h.containers {
		if _, st := s.dir.Lookup(c.identity); st == container.Pending {
			return true
		}
	}
	return false
}

// release hands on what a hold has.
func (s *Stage) release(h *hold, cause Cause) {
	for i, other := range s.holds {
		if other == h {
			s.holds = append(s.holds[:i], s.holds[i+1:]...)
			break
		}
	}
	for _, c := range h.containers {
		c.hold = nil
		if _, st := s.dir.Lookup(c.identity); st != container.Known {
			s.stats.Incomplete[cause]++
		}
	}
	for _, oid := range h.procs {
		if s.procs[oid] == h {
			delete(s.procs, oid)
		}
	}
	s.stats.Held -= len(h.records)
	for _, rec := range h.records {
		s.emit(rec)
	}
}

// emit hands a record on; a process after its container.
func (s *Stage) emit(rec sysflow.Record) {
	if p, ok := rec.(*sysflow.Process); ok && p.ContainerID != "" {
		if c, ok := s.containers.Get(p.ContainerID); ok {
			if info, st := s.dir.Lookup(c.identity); st == container.Known {
				s.describe(c, info)
			}
		}
	}
	s.out(rec)
}

// describe writes what is known of a container, unless that was done.
func (s *Stage) describe(c *state, info container.Info) {
	if c.said == info.Container {
		return
	}
	c.said = info.Container
	if info.Pod != nil {
		s.stats.Pods++
		s.out(info.Pod)
	}
	s.stats.Containers++
	s.out(info.Container)
}
