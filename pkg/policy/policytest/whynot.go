package policytest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// maxCondition is how much of a condition is shown, in characters.
const maxCondition = 200

// whyNot says why a rule did not match any record of the case: for each of its conditions, which
// record came nearest and what it lacked.
func (c *Case) whyNot(set *policy.Ruleset, name string) []string {
	var out []string
	for _, coverage := range set.Coverage() {
		r := coverage.Rule
		switch {
		case r.Name != name:
		case r.Disabled != "":
			out = append(out, "the rule is disabled: "+r.Disabled)
		case coverage.Level == policy.Blocked:
			out = append(append(out, "the rule can never match:"), indent(unrecorded(r))...)
		case r.Sequence != nil:
			out = append(out, c.sequenceGap(set, r)...)
		default:
			out = append(out, c.nearest(set, syntax.Conjuncts(r.Rule.Condition), r.Rule.Prefilter).lines()...)
		}
	}
	return out
}

// unrecorded lists what a rule asks for and SysFlow does not record.
func unrecorded(r *policy.Rule) []string {
	var out []string
	for _, b := range r.Conditions {
		for _, u := range b.Unanswerable {
			out = append(out, u.What+": "+u.Why)
		}
	}
	return out
}

func (c *Case) sequenceGap(set *policy.Ruleset, r *policy.Rule) []string {
	var out []string
	for i, s := range r.Sequence.Steps {
		near := c.nearest(set, syntax.Conjuncts(s.Condition), nil)
		if near.held {
			continue
		}
		name := fmt.Sprintf("step %d", i+1)
		if s.Name != "" {
			name += " (" + s.Name + ")"
		}
		out = append(append(out, name+" did not match:"), indent(near.lines())...)
	}
	if out == nil {
		return []string{"every step matched, but not in this order, within this time and for the same process, container or value"}
	}
	return out
}

// near is the record that satisfied most of a condition.
type near struct {
	record string
	held   bool
	// lacks are the parts that did not hold.
	lacks []string
	count int
	// dropped tells that a drop condition discards the record.
	dropped bool
}

// nearest looks for the record that satisfies most of the parts, the first one among equals.
func (c *Case) nearest(set *policy.Ruleset, parts []syntax.Node, kinds []sysflow.Kind) *near {
	var program engine.Program
	for _, p := range parts {
		bound, _ := expr.Bind(p) // its findings are those of the whole, which was loaded
		program.Rules = append(program.Rules, bound.Expr)
	}
	probe := engine.New(engine.Compile(program), engine.Options{})
	evaluator := set.NewEvaluator(policy.Options{})
	best := &near{count: -1}
	err := c.each(func(n int, r *field.Record) {
		held := probe.Match(probe.Subject(r.Process), r).Rules
		allowed := kinds == nil || slices.Contains(kinds, r.Kind)
		count := len(held)
		if allowed {
			count++
		}
		if count <= best.count {
			return
		}
		*best = near{record: c.describe(n, r), count: count, held: allowed && len(held) == len(parts)}
		if !allowed {
			best.lacks = append(best.lacks, fmt.Sprintf("prefilter: %v", kinds))
		}
		for i, p := range parts {
			if !slices.Contains(held, i) {
				best.lacks = append(best.lacks, shorten(syntax.Format(p))+place(p))
			}
		}
		best.dropped = evaluator.Evaluate(evaluator.Subject(r.Process), r, func(*policy.Alert) {})
	})
	if err != nil {
		return &near{record: err.Error()}
	}
	return best
}

func place(n syntax.Node) string {
	if p := n.Pos(); p.Line > 0 {
		return "  [" + p.String() + "]"
	}
	return ""
}

func (n *near) lines() []string {
	if n.record == "" {
		return []string{"there were no records"}
	}
	text := "nearest was " + n.record
	if n.dropped {
		text += ", which a drop condition discards"
	}
	if len(n.lacks) == 0 {
		return []string{text}
	}
	return append([]string{text + "; it lacks:"}, indent(n.lacks)...)
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= maxCondition {
		return text
	}
	return strings.TrimSpace(string(runes[:maxCondition])) + "..."
}

func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "  " + l
	}
	return out
}
