package sysflowpolicyprocessor

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// marks are the rules that match the record.
type marks struct {
	gravest *rule
	steps   []sequence.Hit
	names   []string
}

// mark notes a rule that matches the record. The output is that of the gravest, the first
// one among equals.
func (w *worker) mark(a *policy.Alert) {
	r := w.rules.rules[a.Rule]
	m := &w.marks
	if !w.tally.matched {
		m.gravest, m.names = nil, m.names[:0]
	}
	w.tally.match(r)
	if !slices.Contains(m.names, r.Name) {
		m.names = append(m.names, r.Name)
	}
	if m.gravest == nil || r.Priority < m.gravest.Priority {
		m.gravest, m.steps = r, a.Steps
		w.text = a.AppendOutput(w.text[:0])
	}
}

// annotate writes the marks into the record.
func (w *worker) annotate() {
	describe(w.lr, w.marks.gravest, w.text, w.marks.steps)
	putTexts(w.lr.Attributes(), plogs.KeyRuleNames, w.marks.names)
}
