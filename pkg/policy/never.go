package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/reach"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// NeverMatching returns warnings about the rules, sequences and drops that are in force and that no
// record can satisfy, because of what they ask for together: a process event that opens a file.
// Rules that ask for what is not recorded at all are left out, as Load tells of them.
func (s *Ruleset) NeverMatching() diag.List {
	var all []asked
	for _, r := range s.Rules {
		if r.Disabled == "" {
			all = append(all, r.asked()...)
		}
	}
	for _, d := range s.Set.Drops {
		if d.Enabled {
			n := d.Restricted()
			bound, _ := expr.Bind(n) // Load has told what was found
			all = append(all, asked{item: fmt.Sprintf("drop %q", d.Name), node: n, bound: bound})
		}
	}
	var found diag.List
	for i, never := range reach.Never(expressions(all)...) {
		a := all[i]
		if !never || len(a.bound.Unanswerable) > 0 {
			continue
		}
		parts, _ := a.conflict()
		found = append(found, &diag.Diagnostic{
			Severity: diag.Warning, Code: diag.WarnNeverMatches, Pos: parts[0].Pos(), Item: a.item,
			Message: a.item + ": no record can match: " + join(parts), Hint: "sysflow policy explain shows the whole condition",
		})
	}
	return unique(found)
}

// asked is a condition of a rule.
type asked struct {
	item  string
	node  syntax.Node
	bound *expr.Bound
	// joined is set if records without the value that joins a sequence take no part.
	joined *expr.Bound
}

// expr is what a record must satisfy.
func (a *asked) expr() expr.Expr {
	if a.joined == nil {
		return a.bound.Expr
	}
	return expr.And{a.bound.Expr, a.joined.Expr}
}

// asked returns the conditions of a rule or sequence with what restricts it.
func (r *Rule) asked() []asked {
	if r.Rule != nil {
		n := r.Rule.Restricted()
		return []asked{{item: fmt.Sprintf("rule %q", r.Name), node: n, bound: r.Conditions[0]}}
	}
	join := joinOf(r.Sequence.By)
	joined, _ := expr.Bind(join) // that the field exists was checked
	out := make([]asked, len(r.Conditions))
	for i, b := range r.Conditions {
		n := &syntax.And{At: r.Sequence.Steps[i].Condition.Pos(), Operands: []syntax.Node{join, r.Sequence.Steps[i].Condition}}
		out[i] = asked{item: fmt.Sprintf("sequence %q", r.Name), node: n, bound: b, joined: joined}
	}
	return out
}

// joinOf is what each record must have that takes part in a sequence.
func joinOf(j rules.Join) syntax.Node {
	f := j.Field
	if f == nil { // a process
		f = &syntax.Field{At: j.Pos, Name: "proc.pid"}
	}
	return &syntax.Check{At: j.Pos, Left: f, Op: syntax.Exists, OpAt: j.Pos}
}

func expressions(list []asked) []expr.Expr {
	out := make([]expr.Expr, len(list))
	for i, a := range list {
		out[i] = a.expr()
	}
	return out
}

// conflict returns parts of a condition that never holds: those that never hold alone, or as few
// as exclude each other.
func (a asked) conflict() (parts []syntax.Node, alone bool) {
	parts = syntax.Conjuncts(a.node)
	bound := make([]expr.Expr, len(parts))
	for i, n := range parts {
		b, _ := expr.Bind(n) // the findings are those of the whole
		bound[i] = b.Expr
	}
	var impossible []syntax.Node
	for i, never := range reach.Never(bound...) {
		if never {
			impossible = append(impossible, parts[i])
		}
	}
	if impossible != nil {
		return impossible, true
	}
	for i := 0; i < len(parts) && len(parts) > 1; {
		rest := slices.Delete(slices.Clone(bound), i, i+1)
		if !reach.Never(expr.And(rest))[0] {
			i++
			continue
		}
		bound, parts = rest, slices.Delete(parts, i, i+1)
	}
	return parts, false
}

// mostOfPart is how much of a part of a condition is shown.
const mostOfPart = 120

func join(parts []syntax.Node) string {
	texts := make([]string, len(parts))
	for i, n := range parts {
		texts[i] = cut(syntax.Format(n))
	}
	return strings.Join(texts, " and ")
}

func cut(text string) string {
	if r := []rune(text); len(r) > mostOfPart {
		return string(r[:mostOfPart]) + "..."
	}
	return text
}

// reasons are the parts for the report: each that never holds, or all that exclude each other.
func (a asked) reasons() []string {
	parts, alone := a.conflict()
	if !alone {
		return []string{join(parts)}
	}
	out := make([]string, len(parts))
	for i, n := range parts {
		out[i] = cut(syntax.Format(n))
	}
	return out
}
