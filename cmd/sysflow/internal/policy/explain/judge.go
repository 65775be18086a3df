package explain

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// judge decides what kind and operations alone decide about a condition.
type judge struct {
	expr expr.Expr
	// engine answers each atom on its own; atoms has their places by key.
	engine *engine.Engine
	atoms  map[string]int
}

func newJudge(e expr.Expr) *judge {
	j := &judge{expr: e, atoms: make(map[string]int)}
	var p engine.Program
	expr.Walk(e, func(e expr.Expr) {
		a, ok := e.(*expr.Atom)
		if !ok {
			return
		}
		if _, known := j.atoms[a.Key()]; !known {
			j.atoms[a.Key()] = len(p.Rules)
			p.Rules = append(p.Rules, a)
		}
	})
	j.engine = engine.New(engine.Compile(p), engine.Options{})
	return j
}

// truth is what is known about a condition.
type truth int

const (
	no truth = iota
	maybe
	yes
)

// can reports whether a record of the kind and operations of r can satisfy the condition.
func (j *judge) can(r *field.Record) bool {
	held := make(map[int]bool)
	for _, i := range j.engine.Match(j.engine.Subject(r.Process), r).Rules {
		held[i] = true
	}
	return j.truth(j.expr, r, held) != no
}

func (j *judge) truth(e expr.Expr, r *field.Record, held map[int]bool) truth {
	switch e := e.(type) {
	case expr.Const:
		if e {
			return yes
		}
		return no
	case expr.And:
		out := yes
		for _, o := range e {
			out = min(out, j.truth(o, r, held))
		}
		return out
	case expr.Or:
		out := no
		for _, o := range e {
			out = max(out, j.truth(o, r, held))
		}
		return out
	case expr.Not:
		return yes - j.truth(e.Operand, r, held)
	case *expr.Atom:
		switch {
		case !decided(e, r):
			return maybe
		case held[j.atoms[e.Key()]]:
			return yes
		}
		return no
	}
	return maybe
}

// byKind are the fields that depend on nothing but kind and operations.
var byKind = map[string]bool{"sf.type": true, "sf.opflags": true, "evt.type": true}

// decided reports whether kind and operations decide a test: because it is about them, or
// because records of the kind have no such value.
func decided(a *expr.Atom, r *field.Record) bool {
	all := true
	for _, f := range a.Source.Fields {
		all = all && byKind[f.Name]
	}
	if all {
		return true
	}
	var v field.Value
	a.Source.Get(r, &v)
	return !v.Present || a.Source.EmptyIfMissing && v.Str == ""
}
