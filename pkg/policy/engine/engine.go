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
	"sync/atomic"

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
	// nodesPerState, openPerState and classesPerState bound the memory that states are made
	// of: conditions, what is left to decide, and classes of each unit.
	nodesPerState   = 16
	openPerState    = 64
	classesPerState = 4
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
	*Compiled
	opts       Options
	id         uint64
	units      []*unit
	conditions *conditions

	root *state
	// states is their number, open how many conditions are left in all of them.
	states, open int
	sinceReset   int64
	stats        Stats
	epoch        uint32
	direct       direct
	scratch      field.Record // for Subject
}

// engines numbers the engines, so that processes can tell whose class they remember without
// keeping an engine alive that was replaced.
var engines atomic.Uint64

// Subject is a process with what the engine knows about it. It is valid for one engine until
// the process or an ancestor changes.
type Subject struct {
	process *field.Process
	class   uint32
	epoch   uint32
	known   bool
}

// New returns an engine for a program.
func New(c *Compiled, opts Options) *Engine {
	if opts.MaxStates <= 0 {
		opts.MaxStates = defaultMaxStates
	}
	e := &Engine{Compiled: c, opts: opts, id: engines.Add(1), conditions: newConditions(c.conditions)}
	for _, q := range c.units {
		u := &unit{questions: q, maxClasses: classesPerState * opts.MaxStates}
		u.reset()
		e.units = append(e.units, u)
	}
	e.root = e.state(c.left, c.held)
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
	version := p.LineageVersion()
	if p.Memo.Owner == e.id && p.Memo.Version == version && p.Memo.Epoch == e.epoch {
		s.class, s.known = p.Memo.Class, true
		return s
	}
	e.scratch.Process, e.scratch.Node = p, p.Node
	s.class = e.units[e.processUnit].classify(&e.scratch)
	if s.known = s.class != noClass; s.known {
		p.Memo = field.Memo{Owner: e.id, Version: version, Epoch: e.epoch, Class: s.class}
	}
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
			case class != noClass && e.room():
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
	n := e.opts.MaxStates
	return e.states < n && e.conditions.own() < n*nodesPerState && e.open < n*openPerState+len(e.left)
}

// reset throws the diagram away.
func (e *Engine) reset() {
	e.stats.Resets++
	e.epoch++
	e.sinceReset = 0
	e.states, e.open = 0, 0
	for _, u := range e.units {
		u.reset()
	}
	e.conditions.reset()
	e.root = e.state(e.left, e.held)
}
