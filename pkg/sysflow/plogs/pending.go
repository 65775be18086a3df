package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// pending is the ordered set of entities that have not travelled yet.
type pending struct {
	list  []sysflow.Record // nil where one has travelled
	index map[sysflow.Record]int
}

func newPending() pending {
	return pending{index: make(map[sysflow.Record]int)}
}

func (p *pending) len() int { return len(p.index) }

func (p *pending) add(rec sysflow.Record) {
	p.remove(rec)
	p.index[rec] = len(p.list)
	p.list = append(p.list, rec)
}

// remove takes an entity out of the set and reports whether it was in it.
func (p *pending) remove(rec sysflow.Record) bool {
	if len(p.index) == 0 {
		return false
	}
	at, ok := p.index[rec]
	if !ok {
		return false
	}
	delete(p.index, rec)
	p.list[at] = nil
	if len(p.index) == 0 {
		p.list = p.list[:0]
	}
	return true
}
