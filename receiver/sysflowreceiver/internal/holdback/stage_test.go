package holdback

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// scene is a stage, its directory and what came out of it, as text.
type scene struct {
	t     *testing.T
	stage *Stage
	now   time.Time
	known map[string]container.Info
	state map[string]container.State
	found []container.Info
	lines []string
}

func newScene(t *testing.T, change ...func(*Options)) *scene {
	t.Helper()
	s := &scene{t: t, now: time.Unix(1000, 0), known: map[string]container.Info{}, state: map[string]container.State{}}
	opts := Options{
		Wait: time.Second, MaxHeld: 100,
		Identify: func(id string) cgroup.Identity { return cgroup.Identity{ID: id, FullID: id} },
		Now:      func() time.Time { return s.now },
	}
	for _, c := range change {
		c(&opts)
	}
	s.stage = New(s, s.record, opts)
	return s
}

// Lookup implements Directory: containers are pending unless something else is said.
func (s *scene) Lookup(id cgroup.Identity) (container.Info, container.State) {
	if info, ok := s.known[id.ID]; ok {
		return info, container.Known
	}
	if st, ok := s.state[id.ID]; ok {
		return container.Info{}, st
	}
	return container.Info{}, container.Pending
}

func (s *scene) Found() []container.Info {
	found := s.found
	s.found = nil
	return found
}

// learn makes a container known, in a pod if that is not empty.
func (s *scene) learn(id, pod string) {
	info := container.Info{Container: &sysflow.Container{ID: id, PodID: pod}}
	if pod != "" {
		info.Pod = &sysflow.Pod{ID: pod}
	}
	s.known[id] = info
	s.found = append(s.found, info)
}

func (s *scene) record(rec sysflow.Record) {
	switch r := rec.(type) {
	case *sysflow.Container:
		s.lines = append(s.lines, "C "+r.ID)
	case *sysflow.Pod:
		s.lines = append(s.lines, "POD "+r.ID)
	case *sysflow.Process:
		s.lines = append(s.lines, fmt.Sprintf("P %d %s", r.OID.HPID, r.ContainerID))
	case *sysflow.File:
		s.lines = append(s.lines, "F "+r.Path)
	default:
		s.lines = append(s.lines, fmt.Sprintf("%s %d", rec.Kind(), actor(rec).HPID))
	}
}

func (s *scene) process(pid, parent int64, ctr string) {
	p := &sysflow.Process{OID: sysflow.OID{HPID: pid}, ContainerID: ctr}
	if parent != 0 {
		p.POID = &sysflow.OID{HPID: parent}
	}
	s.stage.Add(p)
}

func (s *scene) event(pid int64) {
	s.stage.Add(&sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: pid}})
}

func (s *scene) expect(lines ...string) {
	s.t.Helper()
	assert.Equal(s.t, strings.Join(lines, "\n"), strings.Join(s.lines, "\n"))
	s.lines = nil
}

func TestHostIsNotHeld(t *testing.T) {
	s := newScene(t)
	s.process(1, 0, "")
	s.event(1)
	s.stage.Add(&sysflow.File{Path: "/etc"})
	s.expect("P 1 ", "PE 1", "F /etc")
}

func TestHeldUntilKnown(t *testing.T) {
	s := newScene(t)
	s.process(1, 0, "")
	s.process(2, 1, "a")
	s.event(2)
	s.stage.Add(&sysflow.File{Path: "/x", ContainerID: "a"})
	s.stage.Add(&sysflow.FileFlow{ProcOID: sysflow.OID{HPID: 2}})
	s.event(1)
	s.stage.Tick()
	s.expect("P 1 ", "PE 1")
	assert.Equal(t, 4, s.stage.Stats().Held)

	s.learn("a", "p")
	s.stage.Tick()
	s.expect("POD p", "C a", "P 2 a", "PE 2", "F /x", "FF 2")
	s.event(2)
	s.process(3, 2, "a")
	s.stage.Tick()
	s.expect("PE 2", "P 3 a")
	assert.Equal(t, Stats{Containers: 1, Pods: 1}, s.stage.Stats())
}

func TestKnownBefore(t *testing.T) {
	s := newScene(t)
	s.learn("a", "")
	s.process(2, 0, "a")
	s.stage.Tick()
	s.expect("C a", "P 2 a")
}

func TestIDAloneThenBackFill(t *testing.T) {
	for _, test := range []struct {
		name  string
		pass  func(*scene)
		cause Cause
	}{
		{"the wait is over", func(s *scene) { s.now = s.now.Add(time.Second) }, CauseWait},
		{"nobody knows", func(s *scene) { s.state["a"] = container.Unknown }, CauseUnknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newScene(t)
			s.process(2, 0, "a")
			s.event(2)
			s.stage.Tick()
			s.expect()
			test.pass(s)
			s.stage.Tick()
			s.expect("P 2 a", "PE 2")
			s.process(3, 2, "a")
			s.expect("P 3 a")
			assert.EqualValues(t, 1, s.stage.Stats().Incomplete[test.cause])

			s.learn("a", "p")
			s.stage.Tick()
			s.expect("POD p", "C a")
			s.stage.Tick()
			s.expect()
		})
	}
	t.Run("nobody knows, from the start", func(t *testing.T) {
		s := newScene(t)
		s.state["a"] = container.Unknown
		s.process(2, 0, "a")
		s.expect("P 2 a")
		assert.EqualValues(t, 1, s.stage.Stats().Incomplete[CauseUnknown])
	})
	t.Run("no wait", func(t *testing.T) {
		s := newScene(t, func(o *Options) { o.Wait = 0 })
		s.process(2, 0, "a")
		s.expect("P 2 a")
	})
}

func TestTooManyHeld(t *testing.T) {
	s := newScene(t, func(o *Options) { o.MaxHeld = 3 })
	s.process(2, 0, "a")
	s.event(2)
	s.process(3, 0, "b")
	s.expect()
	s.event(3)
	s.expect("P 2 a", "PE 2")
	s.event(2)
	s.expect("PE 2")
	assert.EqualValues(t, 1, s.stage.Stats().Incomplete[CauseFull])
	assert.Equal(t, 2, s.stage.Stats().Held)
	s.stage.Flush()
	s.expect("P 3 b", "PE 3")
	assert.Zero(t, s.stage.Stats().Held)
}

func TestChildrenFollowTheirParents(t *testing.T) {
	t.Run("into a known container", func(t *testing.T) {
		s := newScene(t)
		s.learn("b", "")
		s.process(2, 0, "a")
		s.process(3, 2, "b")
		s.event(3)
		s.expect()
		s.learn("a", "")
		s.stage.Tick()
		s.expect("C a", "P 2 a", "C b", "P 3 b", "PE 3")
	})
	t.Run("into another new container", func(t *testing.T) {
		s := newScene(t)
		s.process(2, 0, "a")
		s.process(3, 2, "b")
		s.learn("a", "")
		s.stage.Tick()
		s.expect()
		s.learn("b", "")
		s.stage.Tick()
		s.expect("C a", "P 2 a", "C b", "P 3 b")
	})
	t.Run("into another container that is held already", func(t *testing.T) {
		s := newScene(t)
		s.process(2, 0, "a")
		s.process(3, 0, "b")
		s.process(4, 2, "b")
		s.expect("P 2 a")
		s.learn("b", "")
		s.stage.Tick()
		s.expect("C b", "P 3 b", "P 4 b")
	})
}

func TestProcessEntersContainer(t *testing.T) {
	s := newScene(t)
	s.process(2, 0, "")
	s.event(2)
	s.process(2, 0, "a")
	s.event(2)
	s.expect("P 2 ", "PE 2")
	s.process(2, 0, "b")
	s.event(2)
	s.learn("a", "")
	s.learn("b", "")
	s.stage.Tick()
	s.expect("C a", "P 2 a", "PE 2", "C b", "P 2 b", "PE 2")
}

// TestHeldRecordsAreCopies: the builder uses its records again.
func TestHeldRecordsAreCopies(t *testing.T) {
	s := newScene(t)
	var got []sysflow.Record
	s.stage.out = func(rec sysflow.Record) { got = append(got, rec) }
	s.process(2, 0, "a")
	id := sysflow.OID{HPID: 2}
	newFile := sysflow.FOID{1}
	args := []string{"root"}
	records := []sysflow.Record{
		&sysflow.ProcessEvent{ProcOID: id, Args: args}, &sysflow.ProcessFlow{ProcOID: id, TS: 1},
		&sysflow.FileEvent{ProcOID: id, NewFileOID: &newFile, Args: args}, &sysflow.FileFlow{ProcOID: id, TS: 1},
		&sysflow.NetworkEvent{ProcOID: id, Args: args}, &sysflow.NetworkFlow{ProcOID: id, TS: 1},
	}
	for _, rec := range records {
		s.stage.Add(rec)
	}
	args[0], newFile[0] = "changed", 9
	*records[1].(*sysflow.ProcessFlow) = sysflow.ProcessFlow{}
	*records[3].(*sysflow.FileFlow) = sysflow.FileFlow{}
	*records[5].(*sysflow.NetworkFlow) = sysflow.NetworkFlow{}
	s.stage.Flush()
	wantArgs := []string{"root"}
	assert.Equal(t, []sysflow.Record{
		&sysflow.ProcessEvent{ProcOID: id, Args: wantArgs}, &sysflow.ProcessFlow{ProcOID: id, TS: 1},
		&sysflow.FileEvent{ProcOID: id, NewFileOID: &sysflow.FOID{1}, Args: wantArgs}, &sysflow.FileFlow{ProcOID: id, TS: 1},
		&sysflow.NetworkEvent{ProcOID: id, Args: wantArgs}, &sysflow.NetworkFlow{ProcOID: id, TS: 1},
	}, got[1:])
}

// FuzzOrder: whatever comes, the records of one process come out once and in order.
func FuzzOrder(f *testing.F) {
	f.Add([]byte{0x12, 0x21, 0x40, 0x12, 0x52, 0x60, 0x33, 0x42})
	f.Fuzz(func(t *testing.T, script []byte) {
		s := newScene(t, func(o *Options) { o.MaxHeld = 8 })
		var want, got [4][]int64
		s.stage.out = func(rec sysflow.Record) {
			switch r := rec.(type) {
			case *sysflow.Process:
				got[r.OID.HPID] = append(got[r.OID.HPID], r.TS)
			case *sysflow.ProcessEvent:
				got[r.ProcOID.HPID] = append(got[r.ProcOID.HPID], r.TS)
			}
		}
		for i, b := range script {
			pid, ctr, ts := int64(b&3), []string{"", "a", "b", "c"}[b>>2&3], int64(i)
			switch b >> 4 & 7 {
			case 0, 1, 2:
				want[pid] = append(want[pid], ts)
				s.stage.Add(&sysflow.Process{OID: sysflow.OID{HPID: pid}, POID: &sysflow.OID{HPID: int64(b >> 7)}, TS: ts, ContainerID: ctr})
			case 3, 4, 5:
				want[pid] = append(want[pid], ts)
				s.stage.Add(&sysflow.ProcessEvent{ProcOID: sysflow.OID{HPID: pid}, TS: ts})
			case 6:
				s.learn(ctr, "")
			case 7:
				s.now = s.now.Add(300 * time.Millisecond)
				s.stage.Tick()
			}
		}
		s.stage.Flush()
		assert.Equal(t, want, got)
		assert.Zero(t, s.stage.Stats().Held)
		assert.Empty(t, s.stage.procs)
	})
}
