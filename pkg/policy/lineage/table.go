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
// and about twice as many at most. A process in use keeps its ancestors in use, so that a parent is
// never forgotten before its child. It must not be used by two goroutines at once.
type Table struct {
	limit      int
	young, old map[sysflow.OID]*field.Process
	// orphans are the processes that wait for a description of their parent.
	orphans map[sysflow.OID][]*field.Process
	evicted int64
}

// NewTable returns an empty table; limit 0 is recent.DefaultLimit.
func NewTable(limit int) *Table {
	return &Table{
		limit:   cmp.Or(limit, recent.DefaultLimit),
		young:   map[sysflow.OID]*field.Process{},
		old:     map[sysflow.OID]*field.Process{},
		orphans: map[sysflow.OID][]*field.Process{},
	}
}

// Get returns a process, nil if it is not known. It counts as a use.
func (t *Table) Get(id sysflow.OID) *field.Process {
	if p := t.young[id]; p != nil {
		return p
	}
	p := t.old[id]
	if p != nil {
		t.use(p)
	}
	return p
}

// Len returns how many processes there are.
func (t *Table) Len() int { return len(t.young) + len(t.old) }

// Evicted returns how many processes were forgotten because of the limit.
func (t *Table) Evicted() int64 { return t.evicted }

// Put takes over a description of a process and returns the process. It is the same as
// long as its id is known, whatever else has changed. The table keeps what d, c and pod
// refer to; the caller must not change it afterwards.
func (t *Table) Put(d sysflow.Process, c *sysflow.Container, pod *sysflow.Pod, node *field.Node) *field.Process {
	p := t.Get(d.OID)
	if p == nil {
		p = &field.Process{Process: d, Container: c, Pod: pod, Node: node}
		p.Changed()
		t.link(p)
		t.adopt(p)
		return p
	}
	was := p.Process
	p.Process = d
	changed := !sameProcess(&was, &d)
	if !sameOID(was.POID, d.POID) {
		t.leave(p, was.POID)
		t.link(p)
	}
	if surround(p, c, pod, node) || changed {
		p.Changed()
	}
	return p
}

// use moves p and its ancestors among the processes used last. These may be a few more
// than the limit, because no ancestor may be forgotten on the way.
func (t *Table) use(p *field.Process) {
	for ; p != nil && t.young[p.OID] != p; p = p.Parent {
		delete(t.old, p.OID)
		t.young[p.OID] = p
	}
	if len(t.young) > t.limit {
		t.age()
	}
}

// age forgets the processes that were not used for a generation.
func (t *Table) age() {
	t.evicted += int64(len(t.old))
	t.young, t.old = t.old, t.young
	clear(t.young)
	for parent, list := range t.orphans {
		t.setOrphans(parent, t.living(list))
	}
}
