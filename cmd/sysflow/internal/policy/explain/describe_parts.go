package explain

import (
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// describeDrop writes all about a drop.
func describeDrop(b *strings.Builder, d *rules.Drop) {
	fmt.Fprintf(b, "drop %q\n", d.Name)
	line(b, "written in", d.Pos.String())
	line(b, "description", oneLine(d.Desc))
	if !d.Enabled {
		line(b, "disabled", "enabled: false")
	}
	condition(b, "Condition", d.Condition)
	prefilter(b, d.Prefilter)
	bound, _ := expr.Bind(d.Restricted()) // what was found is check's to tell
	fields(b, []*expr.Bound{bound})
	matches(b, []*expr.Bound{bound})
}

// describeMacro writes the condition that a name stands for.
func describeMacro(b *strings.Builder, m *rules.Macro) {
	fmt.Fprintf(b, "macro %q\n", m.Name)
	line(b, "written in", m.Pos.String())
	line(b, "written as", oneLine(m.ConditionText))
	condition(b, "Condition", m.Condition)
	bound, _ := expr.Bind(m.Condition) // a macro that nothing uses may be wrong
	fields(b, []*expr.Bound{bound})
}

// describeList writes the items that a name stands for.
func describeList(b *strings.Builder, l *rules.List) {
	fmt.Fprintf(b, "list %q\n", l.Name)
	line(b, "written in", l.Pos.String())
	items := make([]string, len(l.Items))
	for i, it := range l.Items {
		items[i] = syntax.FormatOperand(it)
	}
	fmt.Fprintf(b, "\nItems (%d, lists in it resolved):\n", len(items))
	for _, w := range wrap(strings.Join(items, ", ")) {
		fmt.Fprintf(b, "  %s\n", strings.TrimSpace(w))
	}
}
