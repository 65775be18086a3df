package run

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/jsontext"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// current is the alert that is being rendered.
type current struct {
	alert *policy.Alert
	buf   []byte
}

// columns are what can be said about an alert beside what can be said about its record.
func (c *current) columns() []fields.Field {
	str := func(get func(*policy.Alert) string) func(*fields.Row) fields.Value {
		return func(*fields.Row) fields.Value { return fields.Value{Kind: fields.String, Str: get(c.alert)} }
	}
	list := func(get func(*policy.Alert) []string) func(*fields.Row) fields.Value {
		return func(*fields.Row) fields.Value { return c.list(get(c.alert)) }
	}
	return []fields.Field{
		{Name: "rule.name", Title: "Rule", Width: 32, KeepStart: true, Help: "name of the rule or sequence", Get: str(func(a *policy.Alert) string { return a.Rule.Name })},
		{Name: "rule.priority", Title: "Priority", Width: 9, Help: "priority of the rule", Get: str(func(a *policy.Alert) string { return a.Rule.Priority.String() }), Style: c.priorityStyle},
		{Name: "rule.desc", Title: "Description", Width: 40, KeepStart: true, Help: "description of the rule", Get: str(func(a *policy.Alert) string { return a.Rule.Desc })},
		{Name: "rule.ruleset", Title: "Ruleset", Width: 16, Help: "file of the rule, without folder and extension", Get: str(func(a *policy.Alert) string { return a.Rule.Ruleset })},
		{Name: "rule.source", Title: "Source", Width: 24, Help: "file and line of the rule", Get: str(func(a *policy.Alert) string { return a.Rule.Pos.File + ":" + strconv.Itoa(a.Rule.Pos.Line) })},
		{Name: "rule.tags", Title: "Tags", Width: 24, Help: "tags of the rule", Get: list(func(a *policy.Alert) []string { return a.Rule.Tags })},
		{Name: "rule.techniques", Title: "Techniques", Width: 12, Help: "MITRE ATT&CK techniques among the tags", Get: list(func(a *policy.Alert) []string { return a.Rule.Techniques })},
		{Name: "output", Title: "Output", Width: 80, KeepStart: true, Help: "the rule's output, else its name and description", Get: func(*fields.Row) fields.Value {
			c.buf = c.alert.AppendOutput(c.buf[:0])
			return fields.Value{Kind: fields.Text, Raw: c.buf}
		}},
		{Name: "steps", Title: "Steps", Width: 40, KeepStart: true, Help: "what happened in the steps of a sequence", Get: list(steps)},
	}
}

// priorityStyle colours priorities as the console exporter does: what is graver than a warning
// in one colour, the rest in another.
func (c *current) priorityStyle(*fields.Row) text.Style {
	if c.alert.Rule.Priority < rules.Warning {
		return text.StyleAlert
	}
	return text.StyleWarn
}

func steps(a *policy.Alert) []string {
	var out []string
	for _, s := range a.Steps {
		out = append(out, s.Text)
	}
	return out
}

func (c *current) list(items []string) fields.Value {
	c.buf = append(c.buf[:0], '[')
	for i, s := range items {
		if i > 0 {
			c.buf = append(c.buf, ',')
		}
		c.buf = jsontext.AppendString(c.buf, s)
	}
	c.buf = append(c.buf, ']')
	return fields.Value{Kind: fields.JSON, Raw: c.buf}
}

// tableColumns are those of a table if no others are asked for.
var tableColumns = []string{"ts", "rule.priority", "rule.name", "proc.pid", "proc.exe", "proc.args", "res", "container.id", "output"}

// selectColumns returns the named fields; none stands for all of an alert and its record.
func (c *current) selectColumns(names []string) ([]fields.Field, error) {
	own := c.columns()
	if len(names) == 0 {
		return append(own, recordFields()...), nil
	}
	out := make([]fields.Field, 0, len(names))
	for _, n := range names {
		n = strings.TrimSpace(n)
		if i := slices.IndexFunc(own, func(f fields.Field) bool { return f.Name == n }); i >= 0 {
			out = append(out, own[i])
			continue
		}
		found, err := fields.Select([]string{n})
		if err != nil {
			return nil, fmt.Errorf("--fields: %w", err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// recordFields are those of sysflow print, without the tags that only alerts have.
func recordFields() []fields.Field {
	return slices.DeleteFunc(fields.Complete(), func(f fields.Field) bool { return f.Name == "tags" })
}

// listFields writes the names and meanings of the fields that are not also sysflow print's.
func listFields(w io.Writer) error {
	var b strings.Builder
	for _, f := range new(current).columns() {
		mark := ' '
		if slices.Contains(tableColumns, f.Name) {
			mark = '*'
		}
		fmt.Fprintf(&b, "%c %-16s  %s\n", mark, f.Name, f.Help)
	}
	b.WriteString("\n* usual columns of a table\nThe fields of the record are those of sysflow print --list.\n")
	_, err := io.WriteString(w, b.String())
	return err
}
