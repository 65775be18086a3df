package explain

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// judge decides what kind and operations alone decide about a condition.
type judge struct {
	expr  expr.Expr
	atoms map[string]int
	// engine answers each atom on its own.
	engine *engine.Engine
	list   []*expr.Atom
}

func newJudge(e expr.Expr) *judge {
	j := &judge{expr: e, atoms: make(map[string]int)}
	j.collect(e)
	var p engine.Program
	for _, a := range j.list {
		p.Rules = append(p.Rules, a)
	}
	j.engine = engine.New(p, engine.Options{})
	return j
}

func (j *judge) collect(e expr.Expr) {
	switch e := e.(type) {
	case expr.And:
		for _, o := range e {
			j.collect(o)
		}
	case expr.Or:
		for _, o := range e {
			j.collect(o)
		}
	case expr.Not:
		j.collect(e.Operand)
	case *expr.Atom:
		if _, known := j.atoms[e.Key()]; !known {
			j.atoms[e.Key()] = len(j.list)
			j.list = append(j.list, e)
		}
	}
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
