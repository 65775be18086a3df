// Package reach tells which records can satisfy a condition, from what kind and operations
// decide: that a process event opens no file, and that an exec has no port. What depends on
// more than those counts as possible. So it may take more for possible than is, and never less.
package reach

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Reach is a kind of records that can satisfy a condition.
type Reach struct {
	Kind sysflow.Kind
	// Ops are the names of operations each of which can be all of a record; there is none for
	// kinds without operations, and where only several together can.
	Ops []string
	// Any says that these are all operations of the kind.
	Any bool
}

// Of returns the kinds that can satisfy a condition.
func Of(e expr.Expr) []Reach {
	j := newJudge(e)
	var out []Reach
	for i, k := range kinds {
		r := Reach{Kind: k.kind, Any: true}
		for op, x := range examples()[i] {
			switch {
			case !j.can(e, i, op):
				r.Any = false
			case x.name != "":
				r.Ops = append(r.Ops, x.name)
			}
		}
		if r.Any || len(r.Ops) > 0 || k.flow && j.can(e, i, together) {
			out = append(out, r)
		}
	}
	return out
}

// Never reports for each of some conditions whether no record can satisfy it.
func Never(list ...expr.Expr) []bool {
	out := make([]bool, len(list))
	for i := 0; i < len(list); i += atOnce {
		part := list[i:min(i+atOnce, len(list))]
		j := newJudge(part...)
		for n, e := range part {
			out[i+n] = !j.any(e)
		}
	}
	return out
}

// atOnce is how many conditions are judged together, which bounds the memory.
const atOnce = 512

// judge decides what kind and operations alone decide about conditions.
type judge struct {
	// atoms are the places of all tests.
	atoms map[*expr.Atom]int
	// answers are those of all atoms, by kind and example.
	answers [][][]truth
	// mixed are those to flows of several operations, by kind.
	mixed [][]truth
}

// together stands for an example with some operations, no matter which.
const together = -1

// truth is what is known about a condition.
type truth int8

const (
	no truth = iota
	maybe
	yes
)

func newJudge(list ...expr.Expr) *judge {
	j := &judge{atoms: make(map[*expr.Atom]int)}
	var p engine.Program
	for _, e := range list {
		expr.Walk(e, func(e expr.Expr) {
			if a, ok := e.(*expr.Atom); ok {
				if _, known := j.atoms[a]; !known {
					j.atoms[a] = len(p.Rules)
					p.Rules = append(p.Rules, a)
				}
			}
		})
	}
	// No state but the first: what is asked once needs no diagram.
	en := engine.New(engine.Compile(p), engine.Options{MaxStates: 1})
	for i, k := range kinds {
		var all [][]truth
		for _, x := range examples()[i] {
			all = append(all, answers(en, p.Rules, x.record))
		}
		var mixed []truth
		if k.flow {
			mixed = mix(append(all, answers(en, p.Rules, sample(k.kind, k.kind.Operations()))), p.Rules)
		}
		j.answers, j.mixed = append(j.answers, all), append(j.mixed, mixed)
	}
	return j
}

// answers asks all tests about a record.
func answers(e *engine.Engine, tests []expr.Expr, r *field.Record) []truth {
	out := make([]truth, len(tests))
	known := make(map[string]bool)
	for i, t := range tests {
		src := t.(*expr.Atom).Source
		d, ok := known[src.Key]
		if !ok {
			d = decided(src, r)
			known[src.Key] = d
		}
		if !d {
			out[i] = maybe
		}
	}
	for _, i := range e.Match(e.Subject(r.Process), r).Rules {
		if out[i] != maybe {
			out[i] = yes
		}
	}
	return out
}

// mix returns the answers that hold whichever operations a flow has: those that are the same for
// each of them and for all. A value with more operations has more elements, so what holds for
// one of them holds for all, but how many tests pass may be anything.
func mix(list [][]truth, tests []expr.Expr) []truth {
	out := make([]truth, len(tests))
	for i, t := range tests {
		out[i] = list[0][i]
		for _, l := range list {
			if l[i] != out[i] || t.(*expr.Atom).Test.Kind == expr.PassesCount {
				out[i] = maybe
			}
		}
	}
	return out
}

// byKind are the fields that depend on nothing but kind and operations.
var byKind = map[string]bool{"sf.type": true, field.Operations: true, field.EventType: true}

// decided reports whether kind and operations decide tests of a value: because it is about
// them, or because records of the kind have no such value.
func decided(s *expr.Source, r *field.Record) bool {
	all := true
	for _, f := range s.Fields {
		all = all && byKind[f.Name]
	}
	if all {
		return true
	}
	var v field.Value
	s.Get(r, &v)
	return !v.Present || s.EmptyIfMissing && v.Str == ""
}

// any reports whether a record can satisfy the condition.
func (j *judge) any(e expr.Expr) bool {
	for i, k := range kinds {
		for op := range examples()[i] {
			if j.can(e, i, op) {
				return true
			}
		}
		if k.flow && j.can(e, i, together) {
			return true
		}
	}
	return false
}

// can reports whether records like an example can satisfy the condition.
func (j *judge) can(e expr.Expr, kind, op int) bool {
	if op == together {
		return j.truth(e, j.mixed[kind]) != no
	}
	return j.truth(e, j.answers[kind][op]) != no
}

func (j *judge) truth(e expr.Expr, known []truth) truth {
	switch e := e.(type) {
	case expr.Const:
		if e {
			return yes
		}
		return no
	case expr.And:
		out := yes
		for _, o := range e {
			if out = min(out, j.truth(o, known)); out == no {
				break
			}
		}
		return out
	case expr.Or:
		out := no
		for _, o := range e {
			if out = max(out, j.truth(o, known)); out == yes {
				break
			}
		}
		return out
	case expr.Not:
		return yes - j.truth(e.Operand, known)
	case *expr.Atom:
		return known[j.atoms[e]]
	}
	return maybe
}
