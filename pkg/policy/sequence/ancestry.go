package sequence

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// collect returns, by step, the hits that can be part of a sequence with h.
func (m *Machine) collect(l *lane, s *Spec, h *hit) [][]*hit {
	lists := m.lists[:s.Steps]
	for i := range lists {
		lists[i] = lists[i][:0]
	}
	if s.By != rules.JoinAncestry {
		for _, x := range h.entry.hits {
			lists[x.step] = append(lists[x.step], x)
		}
		return lists
	}
	// The steps before are those of the process and its ancestors.
	lists[h.step] = append(lists[h.step], h)
	m.ancestorIDs = appendLineage(m.ancestorIDs[:0], h.proc)
	for _, oid := range m.ancestorIDs {
		e := l.entries[key{oid: oid}]
		if e == nil {
			continue
		}
		for _, x := range e.hits {
			if x.step < h.step {
				lists[x.step] = append(lists[x.step], x)
			}
		}
	}
	// The steps after are those of descendants, and only there if h is late.
	if h.step < s.Steps-1 {
		for _, x := range l.since(h.TS) {
			if x.listed && x.step > h.step && x.descends(h.OID) {
				lists[x.step] = append(lists[x.step], x)
			}
		}
	}
	return lists
}

// appendLineage appends the ids of a process and its ancestors, the nearest first.
func appendLineage(ids []sysflow.OID, p *field.Process) []sysflow.OID {
	for range field.MaxAncestors {
		ids = append(ids, p.OID)
		if p.Parent == nil {
			if p.POID != nil {
				ids = append(ids, *p.POID)
			}
			return ids
		}
		p = p.Parent
	}
	return ids
}

// descends reports whether the process of the hit is the given one or a descendant of it.
// It is looked up each time because parents may become known later.
func (h *hit) descends(oid sysflow.OID) bool {
	p := h.proc
	for range field.MaxAncestors {
		if p.OID == oid {
			return true
		}
		if p.Parent == nil {
			return p.POID != nil && *p.POID == oid
		}
		p = p.Parent
	}
	return false
}
