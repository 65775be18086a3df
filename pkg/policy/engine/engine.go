// Package engine evaluates many conditions on many records at once.
//
// All tests of all conditions are grouped into units by what they depend on: the shape of
// the record, its process, its path, or one more value. A unit answers its tests together
// and the answers make up a class; there are few classes, and the class of a shape, process
// or path is remembered. A decision diagram leads from class to class to the conditions that
// hold. It is built while records come: a state is what is left of the conditions after some
// units were asked, its next unit is the first that is still asked for, and where a class
// leads is found out once, by putting the answers in. So a record costs a few table lookups,
// whatever the number of rules.
//
// The diagram is bounded. When it is full it is thrown away and begins anew, at most as
// often as it pays; in between, conditions are evaluated directly.
package engine

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// Program is what to evaluate.
type Program struct {
	// Drops discard a record if one of them holds.
	Drops []expr.Expr
	// Rules and Steps are reported by their index.
	Rules, Steps []expr.Expr
}

// Options configure an engine; zero values stand for defaults.
type Options struct {
	// First reports only the first of the rules that hold.
	First bool
	// MaxStates bounds the decision diagram, 16,384 by default.
	MaxStates int
}

const (
	defaultMaxStates = 1 << 14
	// nodesPerState bounds the conditions, and so the memory, that states are made of.
	nodesPerState = 64
	// payback is how many records must come for each state before the diagram may be thrown
	// away again: building a state costs about as much as evaluating some records directly.
	payback = 16
)

// Result says which conditions hold. It is shared: never change it.
type Result struct {
	// Dropped is true if a drop holds; then nothing else was looked at.
	Dropped bool
	// Rules and Steps are indexes in ascending order.
	Rules, Steps []int
}

// Stats describe an engine since its start.
type Stats struct {
	// States is the present size of the diagram, Resets how often it was thrown away.
	States, Resets int64
	// Direct is how many records were evaluated without the diagram for lack of room.
	Direct int64
}

// Engine evaluates a program. It must not be used by two goroutines at once.
type Engine struct {
	opts  Options
	units []*unit
	// processUnit is the index of the unit of process scope, -1 if there is none.
	processUnit int32
	graph       *graph
	base        int
	drops       int
	rules       int

	root       *state
	states     int
	sinceReset int64
	stats      Stats
	epoch      uint32
	direct     direct
	scratch    field.Record // for Subject
}

// Subject is a process with what the engine knows about it. It is valid for one engine until
// the process or an ancestor changes.
type Subject struct {
	process *field.Process
	class   uint32
	epoch   uint32
	known   bool
}

// New compiles a program.
func New(p Program, opts Options) *Engine {
	if opts.MaxStates <= 0 {
		opts.MaxStates = defaultMaxStates
	}
	c := collect{known: make(map[string]bool)}
	items := slices.Concat(p.Drops, p.Rules, p.Steps)
	for _, e := range items {
		c.add(e)
	}
	e := &Engine{opts: opts, graph: newGraph(), drops: len(p.Drops), rules: len(p.Rules), processUnit: -1}
	var place map[string]placed
	e.units, place = units(c.atoms)
	for i, u := range e.units {
		if u.scope == field.ScopeProcess {
			e.processUnit = int32(i)
		}
	}
	left := make([]open, 0, len(items))
	for i, item := range items {
		left = append(left, open{item: int32(i), node: e.graph.add(item, place)})
	}
	e.base = len(e.graph.nodes)
	e.root = e.state(left, nil)
	e.direct.init(e)
	return e
}

// Stats returns what became of the engine so far.
func (e *Engine) Stats() Stats {
	s := e.stats
	s.States = int64(e.states)
	return s
}

// Subject looks at a process, nil for an unknown one. It is cheap if neither the process nor
// its ancestors changed since the last time.
func (e *Engine) Subject(p *field.Process) Subject {
	s := Subject{process: p, epoch: e.epoch}
	if e.processUnit < 0 || p == nil {
		return s
	}
	// Owner and epoch together say that the class is one of this engine's present ones.
	version := p.LineageVersion()
	if p.Memo.Owner == e && p.Memo.Version == version && p.Memo.Epoch == e.epoch {
		s.class, s.known = p.Memo.Class, true
		return s
	}
	e.scratch.Process, e.scratch.Node = p, p.Node
	s.class, s.known = e.units[e.processUnit].classify(&e.scratch), true
	p.Memo = field.Memo{Owner: e, Version: version, Epoch: e.epoch, Class: s.class}
	return s
}

// Match evaluates the program for a record of the subject's process.
func (e *Engine) Match(s Subject, r *field.Record) *Result {
	if s.epoch != e.epoch {
		s = e.Subject(s.process)
	}
	e.sinceReset++
	st := e.root
	for st.result == nil {
		class := e.classify(st.unit, s, r)
		next := st.follow(class)
		if next == nil {
			switch {
			case e.room():
				next = e.extend(st, class)
			case e.sinceReset >= payback*int64(e.opts.MaxStates):
				e.reset()
				return e.Match(s, r)
			default:
				return e.direct.match(e, st, s, r)
			}
		}
		st = next
	}
	return st.result
}

func (e *Engine) classify(unit int32, s Subject, r *field.Record) uint32 {
	if unit == e.processUnit && s.known {
		return s.class
	}
	return e.units[unit].classify(r)
}

// room reports whether the diagram may grow.
func (e *Engine) room() bool {
	return e.states < e.opts.MaxStates && len(e.graph.nodes) < e.base+e.opts.MaxStates*nodesPerState && !e.manyClasses()
}

// manyClasses reports whether a unit has so many classes that they take too much memory.
func (e *Engine) manyClasses() bool {
	for _, u := range e.units {
		if len(u.passed) > 4*e.opts.MaxStates {
			return true
		}
	}
	return false
}

// reset throws the diagram away.
func (e *Engine) reset() {
	e.stats.Resets++
	e.epoch++
	e.sinceReset = 0
	e.states = 0
	for _, u := range e.units {
		u.reset()
	}
	e.graph.truncate(e.base)
	e.root = e.state(e.root.left, e.root.held)
}
