package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// pending is the ordered set of entities that have not travelled yet.
type pending struct {
	list  []pendingEntity
	index map[sysflow.Record]int
}

type pendingEntity struct {
	rec sysflow.Record // nil when it has travelled
	// order is the observed timestamp that puts the entity in its place.
	order int64
}

func newPending() pending {
	return pending{index: make(map[sysflow.Record]int)}
}

func (p *pending) len() int { return len(p.index) }

func (p *pending) add(rec sysflow.Record, order int64) {
	if at, ok := p.index[rec]; ok {
		p.list[at].rec = nil
	}
	p.index[rec] = len(p.list)
	p.list = append(p.list, pendingEntity{rec, order})
}

// remove takes an entity out of the set and reports whether it was in it.
func (p *pending) remove(rec sysflow.Record) (order int64, ok bool) {
	if len(p.index) == 0 {
		return 0, false
	}
	at, ok := p.index[rec]
	if !ok {
		return 0, false
	}
	delete(p.index, rec)
	p.list[at].rec = nil
	if len(p.index) == 0 {
		defer p.reset()
	}
	return p.list[at].order, true
}

func (p *pending) reset() {
	clear(p.list)
	p.list = p.list[:0]
	clear(p.index)
}
