package load

import (
	"iter"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Suggestion returns ` (did you mean "x"?)` for the rule whose name is nearest, or nothing.
func Suggestion(set *policy.Ruleset, name string) string {
	return suggestion(name, ruleNames(set))
}

// SuggestionOfAll is Suggestion for the names of drops, macros and lists too.
func SuggestionOfAll(set *policy.Ruleset, name string) string {
	return suggestion(name, func(yield func(string) bool) {
		for n := range ruleNames(set) {
			if !yield(n) {
				return
			}
		}
		for _, d := range set.Set.Drops {
			if !yield(d.Name) {
				return
			}
		}
		for n := range set.Set.Macros {
			if !yield(n) {
				return
			}
		}
		for n := range set.Set.Lists {
			if !yield(n) {
				return
			}
		}
	})
}

func suggestion(name string, names iter.Seq[string]) string {
	if best := diag.Nearest(name, names); best != "" {
		return ` (did you mean "` + best + `"?)`
	}
	return ""
}

func ruleNames(set *policy.Ruleset) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, r := range set.Rules {
			if !yield(r.Name) {
				return
			}
		}
	}
}

// Conditions returns the conditions of a rule, or of the steps of a sequence.
func Conditions(r *policy.Rule) []syntax.Node {
	if r.Rule != nil {
		return []syntax.Node{r.Rule.Condition}
	}
	var out []syntax.Node
	for _, s := range r.Sequence.Steps {
		out = append(out, s.Condition)
	}
	return out
}
