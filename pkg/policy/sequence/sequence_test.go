package sequence

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// tree is the processes of the tests: init, nginx and sshd below it, sh below nginx, curl
// below sh. The parent of orphan is only known by its id, that of stray not at all.
func tree() map[string]*field.Process {
	node := &field.Node{Name: "n1"}
	ps := make(map[string]*field.Process)
	add := func(name, parent, container string) {
		p := &field.Process{Node: node, Parent: ps[parent]}
		p.OID = sysflow.OID{CreateTS: 1, HPID: int64(len(ps) + 1)}
		p.ContainerID = container
		if p.Parent != nil {
			p.POID = &p.Parent.OID
		}
		ps[name] = p
	}
	add("init", "", "")
	add("nginx", "init", "web")
	add("sshd", "init", "")
	add("sh", "nginx", "web")
	add("curl", "sh", "web")
	add("orphan", "", "web")
	add("stray", "", "other")
	ps["orphan"].POID = &ps["sh"].OID
	return ps
}

// refText is a field with a text, refPort one with a number; empty and 0 count as missing.
var (
	refText = &field.Ref{Def: &field.Def{Type: field.String, Get: func(r *field.Record, _ field.Arg, v *field.Value) {
		v.Present, v.Str = r.File.Path != "", r.File.Path
	}}}
	refPort = &field.Ref{Def: &field.Def{Type: field.Int, Get: func(r *field.Record, _ field.Arg, v *field.Value) {
		v.Present, v.Int = r.DPort != 0, int64(r.DPort)
	}}}
	refNames = &field.Ref{Def: &field.Def{Type: field.String, Multi: true, Get: func(r *field.Record, _ field.Arg, v *field.Value) {
		v.Present, v.Strs = len(r.Args) > 0, append(v.Strs, r.Args...)
	}}}
)

// script tells a machine of records in short.
type script struct {
	t    *testing.T
	m    *Machine
	tree map[string]*field.Process
}

// event is what one record of a test is: "step process@time", with "step+step" for a record
// that satisfies several steps, "=text" for its fields and "/node" for another host.
func (s *script) event(text string) *field.Record {
	text, node, _ := strings.Cut(text, "/")
	text, value, _ := strings.Cut(text, "=")
	name, at, ok := strings.Cut(text, "@")
	require.True(s.t, ok, text)
	ts, err := strconv.ParseInt(at, 10, 64)
	require.NoError(s.t, err)
	r := &field.Record{TS: ts, Process: s.tree[name], Node: &field.Node{Name: "n1"}}
	r.File.Path = value
	if n, err := strconv.Atoi(value); err == nil {
		r.DPort = int32(n)
	}
	if value != "" {
		r.Args = strings.Split(value, ",")
	}
	if node != "" {
		r.Node = &field.Node{Name: node}
	}
	if s.tree[name] == nil {
		require.Equal(s.t, "none", name)
	}
	return r
}

// run tells the machine of events and returns the alerts: the times of their hits.
func (s *script) run(events string) []string {
	s.t.Helper()
	var alerts []string
	for e := range strings.FieldsSeq(events) {
		steps, rest, ok := strings.Cut(e, ":")
		require.True(s.t, ok, e)
		r := s.event(rest)
		s.m.NextRecord()
		for step := range strings.SplitSeq(steps, "+") {
			n, err := strconv.Atoi(step)
			require.NoError(s.t, err)
			if hits := s.m.Step(0, n, r, r.Process, func() string { return e }); hits != nil {
				alerts = append(alerts, times(hits))
			}
		}
	}
	return alerts
}

func times(hits []Hit) string {
	var out []string
	for _, h := range hits {
		out = append(out, strconv.FormatInt(h.TS, 10))
	}
	return strings.Join(out, "-")
}

func TestStep(t *testing.T) {
	for _, c := range []struct {
		name   string
		by     rules.JoinKind
		field  *field.Ref
		steps  int
		within time.Duration
		events string
		alerts []string
	}{
		{"in order", rules.JoinProcess, nil, 3, 10, "0:sh@1 1:sh@2 2:sh@3", []string{"1-2-3"}},
		{"one step", rules.JoinProcess, nil, 1, 0, "0:sh@1 0:sh@2", []string{"1", "2"}},
		{"the last arrives first", rules.JoinProcess, nil, 3, 10, "2:sh@3 1:sh@2 0:sh@1", []string{"1-2-3"}},
		{"the middle arrives last", rules.JoinProcess, nil, 3, 10, "2:sh@3 0:sh@1 1:sh@2", []string{"1-2-3"}},
		{"wrong order of times", rules.JoinProcess, nil, 2, 10, "0:sh@2 1:sh@1", nil},
		{"equal times are in order", rules.JoinProcess, nil, 2, 0, "1:sh@2 0:sh@2", []string{"2-2"}},
		{"just within", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:sh@11", []string{"1-11"}},
		{"just too late", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:sh@12", nil},
		{"window over all steps", rules.JoinProcess, nil, 3, 10, "0:sh@1 1:sh@10 2:sh@12", nil},
		{"the latest start counts", rules.JoinProcess, nil, 3, 10, "0:sh@1 0:sh@5 1:sh@6 2:sh@15", []string{"5-6-15"}},
		{"a start after the second step", rules.JoinProcess, nil, 3, 10, "0:sh@1 1:sh@2 0:sh@3 2:sh@4", []string{"1-2-4"}},
		{"used hits are used up", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:sh@2 1:sh@3", []string{"1-2"}},
		{"a second set fires again", rules.JoinProcess, nil, 2, 10, "0:sh@1 0:sh@2 1:sh@3 1:sh@4 1:sh@5", []string{"2-3", "1-4"}},
		{"a set after the first", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:sh@2 0:sh@3 1:sh@4", []string{"1-2", "3-4"}},
		{"other start when the best is used", rules.JoinProcess, nil, 3, 10, "0:sh@1 0:sh@2 1:sh@3 1:sh@4 2:sh@5 2:sh@6", []string{"2-3-5", "1-4-6"}},
		{"a record is one step only", rules.JoinProcess, nil, 2, 10, "0+1:sh@1", nil},
		{"in any order of steps", rules.JoinProcess, nil, 2, 10, "1+0:sh@1", nil},
		{"two records of both steps", rules.JoinProcess, nil, 2, 10, "0+1:sh@1 0+1:sh@2", []string{"1-2"}},
		{"three records of all steps", rules.JoinProcess, nil, 3, 10, "0+1+2:sh@1 0+1+2:sh@2 0+1+2:sh@3", []string{"1-2-3"}},

		{"other process", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:curl@2", nil},
		{"no process", rules.JoinProcess, nil, 2, 10, "0:none@1 1:none@2", nil},
		{"other host", rules.JoinProcess, nil, 2, 10, "0:sh@1 1:sh@2/n2", nil},
		{"each host alone", rules.JoinProcess, nil, 2, 10, "0:sh@1 0:sh@2/n2 1:sh@3/n2 1:sh@4", []string{"2-3", "1-4"}},

		{"ancestry: itself", rules.JoinAncestry, nil, 2, 10, "0:nginx@1 1:nginx@2", []string{"1-2"}},
		{"ancestry: child", rules.JoinAncestry, nil, 2, 10, "0:nginx@1 1:sh@2", []string{"1-2"}},
		{"ancestry: grandchild", rules.JoinAncestry, nil, 3, 10, "0:nginx@1 1:sh@2 2:curl@3", []string{"1-2-3"}},
		{"ancestry: down only", rules.JoinAncestry, nil, 2, 10, "0:sh@1 1:nginx@2", nil},
		{"ancestry: sibling", rules.JoinAncestry, nil, 2, 10, "0:nginx@1 1:sshd@2", nil},
		{"ancestry: child of an id", rules.JoinAncestry, nil, 2, 10, "0:sh@1 1:orphan@2", []string{"1-2"}},
		{"ancestry: unknown parent", rules.JoinAncestry, nil, 2, 10, "0:sh@1 1:stray@2", nil},
		{"ancestry: through two branches", rules.JoinAncestry, nil, 3, 10, "0:init@1 1:nginx@2 2:sshd@3", nil},
		{"ancestry: start arrives last", rules.JoinAncestry, nil, 3, 10, "2:curl@3 1:sh@2 0:nginx@1", []string{"1-2-3"}},
		{"ancestry: middle arrives last", rules.JoinAncestry, nil, 3, 10, "2:curl@3 0:nginx@1 1:sh@2", []string{"1-2-3"}},
		{"ancestry: late but after", rules.JoinAncestry, nil, 2, 10, "1:sh@2 0:nginx@3", nil},
		{"ancestry: latest of the line", rules.JoinAncestry, nil, 3, 10, "0:init@1 0:nginx@4 0:sshd@5 1:sh@6 2:curl@14", []string{"4-6-14"}},

		{"container", rules.JoinContainer, nil, 2, 10, "0:nginx@1 1:orphan@2", []string{"1-2"}},
		{"other container", rules.JoinContainer, nil, 2, 10, "0:nginx@1 1:stray@2", nil},
		{"the host is one container", rules.JoinContainer, nil, 2, 10, "0:init@1 1:sshd@2", []string{"1-2"}},
		{"container without process", rules.JoinContainer, nil, 2, 10, "0:init@1 1:none@2", nil},

		{"text", rules.JoinField, refText, 2, 10, "0:sh@1=a 1:none@2=a", []string{"1-2"}},
		{"other text", rules.JoinField, refText, 2, 10, "0:sh@1=a 1:sh@2=b", nil},
		{"missing text", rules.JoinField, refText, 2, 10, "0:sh@1 1:sh@2", nil},
		{"number", rules.JoinField, refPort, 2, 10, "0:sh@1=80 1:curl@2=80", []string{"1-2"}},
		{"other number", rules.JoinField, refPort, 2, 10, "0:sh@1=80 1:sh@2=81", nil},
		{"list", rules.JoinField, refNames, 2, 10, "0:sh@1=a,b 1:curl@2=a,b", []string{"1-2"}},
		{"other list", rules.JoinField, refNames, 2, 10, "0:sh@1=a,b 1:sh@2=a", nil},
		{"no field", rules.JoinField, &field.Ref{Def: &field.Def{}}, 2, 10, "0:sh@1=a 1:sh@2=a", nil},

		{"forward jump of the clock", rules.JoinProcess, nil, 2, 10, "0:sh@1 0:sh@1000000000000000 0:sh@2 1:sh@3", []string{"2-3"}},
		{"backward jump of the clock", rules.JoinProcess, nil, 2, 10, "0:sh@1000000000000000 1:curl@1000000000000000 0:sh@2 1:sh@3", []string{"2-3"}},
		{"the ends of time", rules.JoinProcess, nil, 2, 10, "0:sh@-9223372036854775808 1:sh@9223372036854775807 0:sh@9223372036854775807", []string{"9223372036854775807-9223372036854775807"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := NewMachine([]Spec{{By: c.by, Field: c.field, Within: c.within, Steps: c.steps}}, Options{})
			s := &script{t: t, m: m, tree: tree()}
			assert.Equal(t, c.alerts, s.run(c.events))
			checkInvariants(t, m)
		})
	}
}

func TestHitsTellProcessAndText(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinAncestry, Within: 10, Steps: 2}}, Options{})
	ps := tree()
	r := &field.Record{TS: 1, Process: ps["sh"], Node: ps["sh"].Node}
	require.Nil(t, m.Step(0, 0, r, r.Process, func() string { return "a shell" }))
	// The source may use the same record for the next.
	m.NextRecord()
	*r = field.Record{TS: 2, Process: ps["curl"], Node: ps["sh"].Node}
	assert.Equal(t, []Hit{
		{TS: 1, OID: ps["sh"].OID, Text: "a shell"},
		{TS: 2, OID: ps["curl"].OID, Text: "a call"},
	}, m.Step(0, 1, r, r.Process, func() string { return "a call" }))
	assert.Zero(t, m.Pending())
}

// Records may be alike in all that a machine could look at.
func TestRecordsThatAreAlike(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 10, Steps: 2}}, Options{})
	ps := tree()
	r := &field.Record{TS: 1, Process: ps["sh"], Node: ps["sh"].Node}
	both := func() (alerts int) {
		m.NextRecord()
		for step := range 2 {
			if m.Step(0, step, r, r.Process, func() string { return "" }) != nil {
				alerts++
			}
		}
		return alerts
	}
	assert.Zero(t, both(), "one record is one step only")
	assert.Equal(t, 2, both(), "each is the first step of one and the second of another: equal times are in order")
}

func TestTextIsNotMadeInVain(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 10, Steps: 2}}, Options{})
	m.Step(0, 0, &field.Record{TS: 1, Node: &field.Node{}}, nil, func() string {
		t.Error("a record without process cannot take part")
		return ""
	})
}

// The parent of a process may become known after the record.
func TestLateParent(t *testing.T) {
	ps := tree()
	ps["sh"].Parent, ps["sh"].POID = nil, nil
	s := &script{t: t, m: NewMachine([]Spec{{By: rules.JoinAncestry, Within: 10, Steps: 3}}, Options{}), tree: ps}
	assert.Empty(t, s.run("0:nginx@1 1:sh@2"))
	ps["sh"].Parent = ps["nginx"]
	assert.Equal(t, []string{"1-2-3"}, s.run("2:curl@3"))
}

func TestCycleOfParents(t *testing.T) {
	ps := tree()
	ps["init"].Parent = ps["curl"]
	s := &script{t: t, m: NewMachine([]Spec{{By: rules.JoinAncestry, Within: 10, Steps: 2}}, Options{}), tree: ps}
	assert.Equal(t, []string{"1-2"}, s.run("0:nginx@1 1:sh@2"))
	assert.Empty(t, s.run("0:stray@3 1:sh@4"))
}

// Repeating one step neither fills the table nor hides a sequence that began before.
func TestRepeatedStepHidesNothing(t *testing.T) {
	for _, by := range []rules.JoinKind{rules.JoinProcess, rules.JoinAncestry, rules.JoinContainer} {
		m := NewMachine([]Spec{{By: by, Within: 10_000, Steps: 3}}, Options{})
		s := &script{t: t, m: m, tree: tree()}
		require.Empty(t, s.run("0:sh@1 1:sh@2"))
		for i := range 1000 {
			require.Empty(t, s.run(fmt.Sprintf("0:sh@%d", i+3)))
		}
		require.LessOrEqual(t, m.Pending(), 1+hitsPerStep)
		assert.Equal(t, []string{"1-2-2000"}, s.run("2:sh@2000"))
		checkInvariants(t, m)
	}
}

func TestExpiry(t *testing.T) {
	specs := []Spec{{By: rules.JoinProcess, Within: 10, Steps: 2}, {By: rules.JoinProcess, Within: 100, Steps: 2}}
	m := NewMachine(specs, Options{lateness: 5})
	s := &script{t: t, m: m, tree: tree()}
	s.run("0:sh@100 0:nginx@105 0:curl@115")
	assert.Equal(t, 3, m.Pending())
	s.run("0:init@116")
	assert.Equal(t, 3, m.Pending(), "the first is older than window and lateness")
	s.run("0:stray@200/n2")
	assert.Equal(t, 4, m.Pending(), "other hosts have other clocks")
	assert.Zero(t, m.Evicted())
	assert.Equal(t, []string{"105-113"}, s.run("0:stray@116 1:nginx@113"), "late, but the start is kept")
	checkInvariants(t, m)
}

func TestEviction(t *testing.T) {
	const limit = 10
	m := NewMachine([]Spec{{By: rules.JoinField, Field: refText, Within: 1000, Steps: 2}}, Options{MaxHits: limit})
	s := &script{t: t, m: m, tree: tree()}
	for i := range 25 {
		s.run(fmt.Sprintf("0:sh@%d=k%d 0:sh@%d=kept", 2*i, i, 2*i+1))
		assert.LessOrEqual(t, m.Pending(), limit)
	}
	assert.Equal(t, []string{"49-100"}, s.run("1:sh@100=kept"), "used all the time")
	assert.Equal(t, []string{"48-101"}, s.run("1:sh@101=k24"))
	assert.Empty(t, s.run("1:sh@102=k0"), "not used for long")
	assert.Positive(t, m.Evicted())
	checkInvariants(t, m)
}

func TestEvictionOfWhatIsOverDoesNotCount(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 10, Steps: 2}}, Options{MaxHits: 2, lateness: 5})
	s := &script{t: t, m: m, tree: tree()}
	// A host that says nothing any more keeps its hits until there is need of the room.
	s.run("0:sh@1/quiet 0:sh@100 0:curl@100")
	assert.Equal(t, 2, m.Pending())
	assert.Zero(t, m.Evicted())
	s.run("0:nginx@100")
	assert.Equal(t, int64(1), m.Evicted())
}

func TestOneKeyDoesNotExceedTheLimit(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 1000, Steps: 3}}, Options{MaxHits: 3})
	s := &script{t: t, m: m, tree: tree()}
	for i := range 10 {
		s.run(fmt.Sprintf("0:sh@%d 1:sh@%d", 2*i, 2*i+1))
		assert.LessOrEqual(t, m.Pending(), 3)
	}
	assert.Equal(t, int64(17), m.Evicted())
	checkInvariants(t, m)
}

// A process that repeats a step holds few of its hits, and those that go are counted.
func TestRepetitionsAreCounted(t *testing.T) {
	m := NewMachine([]Spec{{By: rules.JoinProcess, Within: 1000, Steps: 2}}, Options{})
	s := &script{t: t, m: m, tree: tree()}
	for i := range hitsPerStep {
		s.run(fmt.Sprintf("0:sh@%d", i))
	}
	assert.Zero(t, m.Repeated())
	s.run("0:sh@100 0:sh@101 0:curl@101")
	assert.EqualValues(t, 2, m.Repeated())
	assert.Equal(t, hitsPerStep+1, m.Pending())
	assert.Zero(t, m.Evicted())
	checkInvariants(t, m)
}

func TestClock(t *testing.T) {
	assert.Equal(t, int64(math.MinInt64), before(math.MinInt64+1, 2))
	assert.Equal(t, int64(5), before(10, 5))
	assert.Equal(t, int64(math.MaxInt64), after(math.MaxInt64-1, 2))
	assert.Equal(t, int64(15), after(10, 5))
	assert.Equal(t, time.Duration(math.MaxInt64), saturate(math.MaxInt64, 1))
	assert.Equal(t, time.Duration(3), saturate(1, 2))
}

// checkInvariants compares the lists of a machine with each other.
func checkInvariants(t testing.TB, m *Machine) {
	t.Helper()
	held, entries := 0, 0
	for k, l := range m.lanes {
		require.Equal(t, k, l.laneKey)
		require.Positive(t, l.live, "a lane without hits")
		live := 0
		for i, h := range l.timeline {
			require.True(t, i == 0 || l.timeline[i-1].TS <= h.TS, "timeline in order")
			if h.listed {
				live++
				require.Same(t, l.entries[h.entry.key], h.entry)
				require.False(t, h.used)
			}
		}
		require.Equal(t, l.live, live)
		require.LessOrEqual(t, len(l.timeline), 2*live+65)
		for k, e := range l.entries {
			require.Equal(t, k, e.key)
			require.NotEmpty(t, e.hits, "an entry without hits")
			held += len(e.hits)
			entries++
			live -= len(e.hits)
		}
		require.Zero(t, live)
	}
	require.Equal(t, held, m.held)
	require.LessOrEqual(t, held, m.maxHits)
	for e := m.recent.oldest(); e != &m.recent.root; e = e.newer {
		entries--
	}
	require.Zero(t, entries)
}
