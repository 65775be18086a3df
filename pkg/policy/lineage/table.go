// Package lineage keeps processes with their ancestors, containers and pods, as rules see
// them: a table of processes, and a stream that turns SysFlow records into what rules are
// asked about.
package lineage

import (
	"cmp"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Table holds the processes of one host: at least as many as its limit of those used last,
// and about twice as many at most. The use of a process is one of its nearest ancestors too,
// field.MaxAncestors of them, so that these are not forgotten before it. Those further up,
// which no rule sees, are forgotten when nobody uses them; however long a chain of forks is,
// it takes no more room than other processes.
//
// What is forgotten is cut off, from its parent and its children, so that its memory is
// freed. A process that is described again gets both back. It must not be used by two
// goroutines at once.
type Table struct {
	limit      int
	young, old generation
	// orphans are the processes that wait for a description of their parent.
	orphans map[sysflow.OID][]*field.Process
	evicted int64
}

// generation has processes that were used at about the same time.
type generation map[sysflow.OID]member

// member is a process, with the number of ancestors that were used together with it.
type member struct {
	*field.Process
	above int
}

// NewTable returns an empty table; limit 0 is recent.DefaultLimit.
func NewTable(limit int) *Table {
	return &Table{
		limit:   cmp.Or(limit, recent.DefaultLimit),
		young:   generation{},
		old:     generation{},
		orphans: map[sysflow.OID][]*field.Process{},
	}
}

// Get returns a process, nil if it is not known. It counts as a use.
func (t *Table) Get(id sysflow.OID) *field.Process {
	m, ok := t.young[id]
	if ok && m.above == field.MaxAncestors {
		return m.Process
	}
	if !ok {
		m, ok = t.old[id]
	}
	if ok {
		t.use(m.Process)
	}
	return m.Process
}

func (t *Table) find(id sysflow.OID) *field.Process {
	if m, ok := t.young[id]; ok {
		return m.Process
	}
	return t.old[id].Process
}

// Len returns how many processes there are.
func (t *Table) Len() int { return len(t.young) + len(t.old) }

// Evicted returns how many processes were forgotten because of the limit.
func (t *Table) Evicted() int64 { return t.evicted }

// Put takes over a description of a process and returns the process. It is the same as
// long as its id is known, whatever else has changed. The table keeps what d, c and pod
// refer to; the caller must not change it afterwards.
func (t *Table) Put(
	d sysflow.Process, c *sysflow.Container, pod *sysflow.Pod, node *field.Node,
) *field.Process {
	p := t.Get(d.OID)
	if p == nil {
		p = &field.Process{Process: d, Container: c, Pod: pod, Node: node}
		p.Changed()
		t.link(p)
		return p
	}
	was := p.Process
	p.Process = d
	changed := !was.Equal(&d)
	if !sameValue(was.POID, d.POID) {
		t.leave(p, was.POID)
		t.link(p)
	}
	if surround(p, c, pod, node) || changed {
		p.Changed()
	}
	return p
}

// use moves p and its ancestors among the processes used last. It goes up only as far as
// that was not done in this generation.
func (t *Table) use(p *field.Process) {
	for above := field.MaxAncestors; p != nil && above >= 0; p, above = p.Parent, above-1 {
		if m, ok := t.young[p.OID]; ok && m.above >= above {
			break
		}
		delete(t.old, p.OID)
		t.young[p.OID] = member{p, above}
	}
	if len(t.young) > t.limit {
		t.age()
	}
}

// age forgets the processes that were not used for a generation.
func (t *Table) age() {
	gone := t.old
	t.evicted += int64(len(gone))
	t.old, t.young = t.young, generation{}
	for parent, list := range t.orphans {
		t.setOrphans(parent, t.living(list))
	}
	for _, p := range gone {
		cut(p.Process)
	}
	for _, p := range t.old {
		if p.Parent == nil {
			continue
		}
		if _, ok := gone[p.Parent.OID]; ok {
			cut(p.Process)
			t.wait(p.Process)
		}
	}
	clear(gone)
	t.young = gone // its room is needed again
}

// cut takes the parent from a process.
func cut(p *field.Process) {
	if p.Parent != nil {
		p.Parent = nil
		p.Changed()
	}
}
