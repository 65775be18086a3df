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
	// sequence is the gravest sequence, the first one among equals, with its steps.
	sequence *rule
	steps    []sequence.Hit
	names    []string
}

// mark notes a rule that matches the record. The output is that of the gravest; among
// equals that of the first sequence, which tells more than a rule, or of the first rule.
func (w *worker) mark(a *policy.Alert) {
	r := w.rules.rules[a.Rule]
	m := &w.marks
	if !w.tally.matched {
		*m = marks{names: m.names[:0]}
	}
	w.tally.match(r)
	if !slices.Contains(m.names, r.Name) {
		m.names = append(m.names, r.Name)
	}
	first := false
	if len(a.Steps) > 0 && (m.sequence == nil || r.Priority < m.sequence.Priority) {
		m.sequence, m.steps, first = r, a.Steps, true
	}
	if m.gravest == nil || r.Priority < m.gravest.Priority || first && r.Priority == m.gravest.Priority {
		m.gravest = r
		w.text = a.AppendOutput(w.text[:0])
	}
}

// annotate writes the marks into the record.
func (w *worker) annotate() {
	describe(w.lr, w.marks.gravest, w.text, w.marks.steps)
	putTexts(w.lr.Attributes(), plogs.KeyRuleNames, w.marks.names)
}
