package lineage

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// link gives p its parent, or lets it wait for one, and counts as a use of both. It gives p
// the children that waited for it.
func (t *Table) link(p *field.Process) {
	p.Parent = nil
	waits := false
	if p.POID != nil && *p.POID != p.OID {
		p.Parent = t.Get(*p.POID)
		waits = p.Parent == nil
	}
	t.use(p)
	if waits {
		t.wait(p)
	}
	t.adopt(p)
}

// wait adds p to those who wait for their parent. A list that would grow is freed of the
// processes that are gone, so that none is kept just because its parent never came.
func (t *Table) wait(p *field.Process) {
	list := t.orphans[*p.POID]
	if len(list) == cap(list) {
		list = t.living(list)
		list = slices.Grow(list, len(list)+1) // not soon again, whatever is left
	}
	t.orphans[*p.POID] = append(list, p)
}

// leave ends the waiting of p.
func (t *Table) leave(p *field.Process, parent *sysflow.OID) {
	if parent == nil || p.Parent != nil {
		return
	}
	t.setOrphans(*parent, slices.DeleteFunc(t.orphans[*parent],
		func(o *field.Process) bool { return o == p }))
}

// adopt gives p the children that waited for it.
func (t *Table) adopt(p *field.Process) {
	list := t.orphans[p.OID]
	if list == nil {
		return
	}
	delete(t.orphans, p.OID)
	for _, child := range list {
		child.Parent = p
		child.Changed()
	}
}

// living leaves the processes in list that the table still holds.
func (t *Table) living(list []*field.Process) []*field.Process {
	return slices.DeleteFunc(list, func(p *field.Process) bool {
		return t.find(p.OID) != p
	})
}

func (t *Table) setOrphans(parent sysflow.OID, list []*field.Process) {
	if len(list) == 0 {
		delete(t.orphans, parent)
		return
	}
	t.orphans[parent] = list
}
