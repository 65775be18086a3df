package policy

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/reach"
)

// CoverageLevel says how well SysFlow records answer a rule.
type CoverageLevel int

const (
	// Exact says that everything that the rule asks for is recorded.
	Exact CoverageLevel = iota
	// Approximate says that some values come close to what the rule means.
	Approximate
	// Partial says that some checks never hold, and the rule can fire without them.
	Partial
	// Blocked says that the rule can never fire.
	Blocked
)

// String returns the level in lower case.
func (l CoverageLevel) String() string {
	return [...]string{"exact", "approximate", "partial", "blocked"}[l]
}

// Coverage says how well SysFlow records answer a rule, and why not better.
type Coverage struct {
	Rule    *Rule
	Level   CoverageLevel
	Reasons []string
	// Never are parts of the conditions because of which a blocked rule cannot fire: each of them
	// never holds. Those that exclude each other are one, joined by "and".
	Never []string
}

// Coverage returns that of all rules and sequences.
func (s *Ruleset) Coverage() []Coverage {
	var all []asked
	for _, r := range s.Rules {
		all = append(all, r.asked()...)
	}
	never := reach.Never(expressions(all)...)
	out := make([]Coverage, len(s.Rules))
	for i, r := range s.Rules {
		n := len(r.Conditions)
		out[i] = coverageOf(r, all[:n], never[:n])
		all, never = all[n:], never[n:]
	}
	return out
}

// coverageOf judges a rule by its conditions, of which some never hold.
func coverageOf(r *Rule, conditions []asked, never []bool) Coverage {
	c := Coverage{Rule: r}
	for i, a := range conditions {
		if never[i] {
			c.Level = Blocked
			c.Never = append(c.Never, a.reasons()...)
		}
	}
	known := make(map[string]bool)
	reason := func(level CoverageLevel, text string) {
		c.Level = max(c.Level, level)
		if !known[text] {
			known[text] = true
			c.Reasons = append(c.Reasons, text)
		}
	}
	for _, b := range r.Conditions {
		for _, u := range b.Unanswerable {
			reason(Partial, u.What+" is not recorded: "+u.Why)
		}
		for _, f := range b.Fields {
			if f.Answer == field.Approximate {
				reason(Approximate, f.Text+" is approximate: "+f.Note)
			}
		}
	}
	return c
}
