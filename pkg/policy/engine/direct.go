package engine

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// direct evaluates what a state has left without adding to the diagram.
type direct struct {
	// answers of the units and values of the nodes, as far as they belong to this run.
	units []answered
	nodes []judged
	run   uint64
	held  []int32
}

type answered struct {
	run  uint64
	bits []uint64
}

type judged struct {
	run   uint64
	holds bool
}

func (d *direct) init(e *Engine) { d.units = make([]answered, len(e.units)) }

// match evaluates the conditions that are left in s.
func (d *direct) match(e *Engine, s *state, subject Subject, r *field.Record) *Result {
	e.stats.Direct++
	d.run++
	if len(d.nodes) < len(e.conditions.nodes) {
		d.nodes = slices.Grow(d.nodes, len(e.conditions.nodes)-len(d.nodes))[:len(e.conditions.nodes)]
	}
	d.held = append(d.held[:0], s.held...)
	for _, o := range s.left {
		if d.holds(e, o.node, subject, r) {
			d.held = append(d.held, o.item)
		}
	}
	return e.resultOf(d.held)
}

func (d *direct) holds(e *Engine, id nodeID, s Subject, r *field.Record) bool {
	n := &e.conditions.nodes[id]
	if j := d.nodes[id]; j.run == d.run {
		return j.holds
	}
	var holds bool
	switch n.kind {
	case atomNode:
		holds = has(d.answers(e, n.unit, s, r), n.bit)
	case notNode:
		holds = !d.holds(e, n.kids[0], s, r)
	case andNode:
		holds = !slices.ContainsFunc(n.kids, func(k nodeID) bool { return !d.holds(e, k, s, r) })
	case orNode:
		holds = slices.ContainsFunc(n.kids, func(k nodeID) bool { return d.holds(e, k, s, r) })
	}
	d.nodes[id] = judged{d.run, holds}
	return holds
}

// answers asks a unit once in a run.
func (d *direct) answers(e *Engine, unit int32, s Subject, r *field.Record) []uint64 {
	a := &d.units[unit]
	if a.run != d.run {
		u := e.units[unit]
		if unit == e.processUnit && s.known {
			a.bits = append(a.bits[:0], u.passed[s.class]...)
		} else {
			a.bits = append(a.bits[:0], u.ask(r)...)
		}
		a.run = d.run
	}
	return a.bits
}
