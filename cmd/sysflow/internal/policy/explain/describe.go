package explain

import (
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// describe writes all about a rule.
func describe(b *strings.Builder, c *policy.Coverage) {
	r := c.Rule
	what := "rule"
	if r.Sequence != nil {
		what = "sequence"
	}
	fmt.Fprintf(b, "%s %q\n", what, r.Name)
	head(b, c)
	if r.Rule != nil {
		condition(b, "Condition", r.Rule.Condition)
		prefilter(b, r.Rule.Prefilter)
	} else {
		for i, s := range r.Sequence.Steps {
			title := fmt.Sprintf("Step %d", i+1)
			if s.Name != "" {
				title += ", " + s.Name
			}
			condition(b, title, s.Condition)
		}
	}
	fields(b, r.Conditions)
	matches(b, r.Conditions)
	if r.Output != nil {
		fmt.Fprintf(b, "\nOutput:\n  %s\n", r.Output.Text)
	}
}

func head(b *strings.Builder, c *policy.Coverage) {
	r := c.Rule
	line := func(name, text string) { line(b, name, text) }
	line("written in", r.Pos.String())
	line("description", oneLine(r.Desc))
	line("priority", r.Priority.String())
	line("tags", strings.Join(r.Tags, ", "))
	line("techniques", strings.Join(r.Techniques, ", "))
	if s := r.Sequence; s != nil {
		line("joined by", joined(s.By))
		line("within", s.Within.String())
	} else {
		line("actions", strings.Join(r.Rule.Actions, ", "))
	}
	line("disabled", r.Disabled)
	line("coverage", c.Level.String())
}

func line(b *strings.Builder, name, text string) {
	if text != "" {
		fmt.Fprintf(b, "  %-12s %s\n", name, text)
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func prefilter(b *strings.Builder, kinds []sysflow.Kind) {
	if kinds != nil {
		fmt.Fprintf(b, "  and the record is one of %v (prefilter)\n", kinds)
	}
}

func joined(j rules.Join) string {
	switch j.Kind {
	case rules.JoinProcess:
		return "process: the same process in all steps"
	case rules.JoinAncestry:
		return "ancestry: each step by the process of the step before, or a descendant of it"
	case rules.JoinContainer:
		return "container: the same container in all steps"
	default:
		return syntax.FormatOperand(j.Field) + ": the same value in all steps"
	}
}

func condition(b *strings.Builder, title string, n syntax.Node) {
	fmt.Fprintf(b, "\n%s (macros, lists and exceptions resolved):\n", title)
	for _, l := range layout(n) {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

// typeNames are those of one value and of several.
var typeNames = map[field.Type][2]string{
	field.String: {"text", "texts"}, field.Int: {"number", "numbers"}, field.Bool: {"boolean", "booleans"}, field.Addr: {"address", "addresses"},
}

// fields lists what the conditions ask for.
func fields(b *strings.Builder, conditions []*expr.Bound) {
	b.WriteString("\nFields:\n")
	seen := make(map[string]bool)
	notes := make(map[string]string) // the first field with a note
	for _, c := range conditions {
		for _, f := range c.Fields {
			if seen[f.Text] {
				continue
			}
			seen[f.Text] = true
			typ := typeNames[f.Type][0]
			if f.Multi {
				typ = typeNames[f.Type][1]
			}
			fmt.Fprintf(b, "  %-24s %-9s %s\n", f.Text, typ, strings.ReplaceAll(f.Desc, "`", "")) // marks for documents
			switch f.Answer {
			case field.Approximate:
				note := f.Note
				if first := notes[note]; first != "" {
					note = "as " + first
				} else {
					notes[note] = f.Text
				}
				fmt.Fprintf(b, "  %-24s %-9s approximate: %s\n", "", "", note)
			case field.Unanswerable:
				fmt.Fprintf(b, "  %-24s %-9s NOT RECORDED: %s\n", "", "", f.Note)
			}
		}
		for _, u := range c.Unanswerable {
			if !seen[u.What] {
				seen[u.What] = true
				fmt.Fprintf(b, "  %-24s %-9s NOT RECORDED: %s (%s)\n", u.What, "", u.Why, u.Pos)
			}
		}
	}
}
