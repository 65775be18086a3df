// Package reach tells which records can satisfy a condition, from what kind and operations
// decide: that a process event opens no file, and that an exec has no port. What depends on
// more than those counts as possible. So it may take more for possible than is, and never less:
// it looks at no values of records, only at what the definitions of fields rule out.
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
	// None says that flows without an operation can, which are parts of long ones.
	None bool
}

// Of returns the kinds that can satisfy a condition.
func Of(e expr.Expr) []Reach {
	j := newJudge(e)
	var out []Reach
	for i := 0; i < len(classes); {
		kind := classes[i].kind
		same := i
		for i < len(classes) && classes[i].kind == kind {
			i++
		}
		if r, possible := j.reach(e, same, i); possible {
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
	// answers are those of all atoms, by class and example.
	answers [][][]truth
	// mixed are those to flows of several operations, by class.
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
	for i, c := range classes {
		var all [][]truth
		for _, x := range examples()[i] {
			all = append(all, answers(en, p.Rules, c, x.record))
		}
		var mixed []truth
		if c.kind.IsFlow() {
			mixed = mix(append(all, answers(en, p.Rules, c, c.record(c.kind.Operations()))), p.Rules)
		}
		j.answers, j.mixed = append(j.answers, all), append(j.mixed, mixed)
	}
	return j
}

// answers asks all tests about records of a class that are like one of it.
func answers(e *engine.Engine, tests []expr.Expr, c class, r *field.Record) []truth {
	out := make([]truth, len(tests))
	known := make(map[string]bool)
	for i, t := range tests {
		src := t.(*expr.Atom).Source
		d, ok := known[src.Key]
		if !ok {
			d = c.decides(src, r.Ops)
			known[src.Key] = d
		}
		if !d {
			out[i] = maybe
		}
	}
	for _, i := range e.Match(e.Subject(nil), r).Rules {
		if out[i] != maybe {
			out[i] = yes
		}
	}
	return out
}

// mix returns the answers that hold whichever operations a flow has: those that are the same for
// each of them and for all, where more operations are only more elements of the value.
func mix(list [][]truth, tests []expr.Expr) []truth {
	out := make([]truth, len(tests))
	for i, t := range tests {
		if !grows(t.(*expr.Atom)) {
			out[i] = maybe
			continue
		}
		// The first is a flow without operations, which is another example.
		out[i] = list[1][i]
		for _, l := range list[1:] {
			if l[i] != out[i] {
				out[i] = maybe
			}
		}
	}
	return out
}

// grows reports whether a test, of a flow with several operations, holds if and only if it does with
// one of them: if it is one of single elements, or of what does not depend on operations.
func grows(a *expr.Atom) bool {
	byOps := false
	for _, f := range a.Source.Fields {
		byOps = byOps || f.ByKind && f.Name != field.RecordKind
	}
	if !byOps {
		return true
	}
	return a.Source.Multi && !a.Every && a.Test.Kind != expr.PassesCount && a.Test.Kind != expr.Compares
}

// reach judges records of the kind that some classes have in common.
func (j *judge) reach(e expr.Expr, from, to int) (r Reach, possible bool) {
	kind := classes[from].kind
	r = Reach{Kind: kind, Any: true}
	for op, x := range examples()[from] {
		can := false
		for c := from; c < to; c++ {
			can = can || j.can(e, c, op)
		}
		switch {
		case x.name == "" && kind.IsFlow():
			r.None = can
		case !can:
			r.Any = false
		case x.name != "":
			r.Ops = append(r.Ops, x.name)
		}
		possible = possible || can
	}
	for c := from; c < to; c++ {
		possible = possible || kind.IsFlow() && j.can(e, c, together)
	}
	return r, possible
}

// any reports whether a record can satisfy the condition.
func (j *judge) any(e expr.Expr) bool {
	for i, c := range classes {
		for op := range examples()[i] {
			if j.can(e, i, op) {
				return true
			}
		}
		if c.kind.IsFlow() && j.can(e, i, together) {
			return true
		}
	}
	return false
}

// can reports whether records like an example can satisfy the condition.
func (j *judge) can(e expr.Expr, class, op int) bool {
	if op == together {
		return j.truth(e, j.mixed[class]) != no
	}
	return j.truth(e, j.answers[class][op]) != no
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
