package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// ruleCoverage says how well SysFlow records answer a rule.
type ruleCoverage struct {
	Rule     string `json:"rule"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Coverage string `json:"coverage"`
	Disabled string `json:"disabled,omitempty"`
	// Never are the parts of the condition because of which a blocked rule never matches, see
	// policy.Coverage.
	Never []string `json:"never,omitempty"`
	// Unrecorded names what is asked for and not recorded, Approximate what comes close, both
	// with the reason.
	Unrecorded  map[string]string `json:"unrecorded,omitempty"`
	Approximate map[string]string `json:"approximate,omitempty"`
}

func coverage(set *policy.Ruleset) []ruleCoverage {
	var out []ruleCoverage
	for _, c := range set.Coverage() {
		r := c.Rule
		rc := ruleCoverage{
			Rule: r.Name, File: r.Pos.File, Line: r.Pos.Line, Coverage: c.Level.String(), Disabled: r.Disabled,
			Never: c.Never, Unrecorded: make(map[string]string), Approximate: make(map[string]string),
		}
		for _, b := range r.Conditions {
			for _, u := range b.Unanswerable {
				rc.Unrecorded[u.What] = u.Why
			}
			for _, f := range b.Fields {
				if f.Answer == field.Approximate {
					rc.Approximate[f.Name] = f.Note
				}
			}
		}
		out = append(out, rc)
	}
	return out
}

// writeCoverage writes the rules in order, then what the names in them mean, and the totals.
func writeCoverage(b *strings.Builder, list []ruleCoverage) {
	notes := make(map[string]string)
	totals := make(map[string]int)
	for _, c := range list {
		totals[c.Coverage]++
		name := c.Rule
		if c.Disabled != "" {
			name += " (disabled: " + c.Disabled + ")"
		}
		fmt.Fprintf(b, "%-12s %s\n", c.Coverage, name)
		for _, part := range c.Never {
			fmt.Fprintf(b, "             never holds: %s\n", part)
		}
		writeNames(b, "not recorded", c.Unrecorded)
		writeNames(b, "approximate", c.Approximate)
		maps.Copy(notes, c.Unrecorded)
		maps.Copy(notes, c.Approximate)
	}
	if len(notes) > 0 {
		b.WriteString("\nWhat is not recorded or approximate, and why:\n")
	}
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		fmt.Fprintf(b, "  %-30s %s\n", name, notes[name])
	}
	fmt.Fprintf(b, "\nCoverage of %s: %d exact, %d approximate, %d partial, %d blocked\n", load.Plural(len(list), "rule"),
		totals[policy.Exact.String()], totals[policy.Approximate.String()], totals[policy.Partial.String()], totals[policy.Blocked.String()])
}

func writeNames(b *strings.Builder, what string, names map[string]string) {
	if len(names) > 0 {
		fmt.Fprintf(b, "             %s: %s\n", what, strings.Join(slices.Sorted(maps.Keys(names)), ", "))
	}
}
