package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// loader binds what files say to fields and collects all findings.
type loader struct {
	set    *Ruleset
	found  diag.List
	binder *expr.Binder
}

// disabledByFile is why most disabled rules are.
const disabledByFile = "enabled: false"

// note adds findings about an item. Warnings about what is disabled are left out.
func (l *loader) note(item string, enabled bool, list diag.List) {
	for _, d := range list {
		if d.Severity == diag.Warning && !enabled {
			continue
		}
		if d.Item == "" {
			d.Item = item
		}
		l.found = append(l.found, d)
	}
}

func (l *loader) addDrop(d *rules.Drop) {
	bound, found := l.binder.Bind(d.Restricted())
	l.note(fmt.Sprintf("drop %q", d.Name), d.Enabled, found)
	if d.Enabled {
		l.set.program.Drops = append(l.set.program.Drops, bound.Expr)
	}
}

func (l *loader) addRule(r *rules.Rule) {
	out := &Rule{Head: r.Head, Techniques: techniques(r.Tags), Rule: r}
	item := fmt.Sprintf("rule %q", r.Name)
	bound, found := l.binder.Bind(r.Restricted())
	output, outputFound := bindOutput(r.Output)
	found = append(found, outputFound...)
	if r.SkipIfUnknownFilter && (bound.UnknownField || (output != nil && output.UnknownField)) {
		out.Disabled = "it asks for an unknown field (skip-if-unknown-filter)"
		found = asSkipped(found)
	} else if !r.Enabled {
		out.Disabled = disabledByFile
	}
	l.note(item, r.Enabled, found)
	out.Conditions, out.output = []*expr.Bound{bound}, output
	l.set.Rules = append(l.set.Rules, out)
	if out.Disabled == "" {
		l.set.active = append(l.set.active, out)
		l.set.program.Rules = append(l.set.program.Rules, bound.Expr)
	}
}

// asSkipped turns the errors of a rule that may be skipped into one warning each.
func asSkipped(list diag.List) diag.List {
	for _, d := range list {
		if d.Severity == diag.Error {
			d.Severity, d.Code = diag.Warning, diag.WarnUnknownFilter
			d.Message += ", so the rule is skipped"
		}
	}
	return list
}

func (l *loader) addSequence(s *rules.Sequence) {
	out := &Rule{Head: s.Head, Techniques: techniques(s.Tags), Sequence: s}
	if !s.Enabled {
		out.Disabled = disabledByFile
	}
	var found diag.List
	for _, step := range s.Steps {
		bound, list := l.binder.Bind(step.Condition)
		found = append(found, list...)
		out.Conditions = append(out.Conditions, bound)
	}
	output, list := bindOutput(s.Output)
	found = append(found, list...)
	spec := sequence.Spec{By: s.By.Kind, Within: s.Within, Steps: len(s.Steps)}
	if s.By.Field != nil {
		ref, problem := joinField(s.By.Field)
		found = append(found, problem...)
		spec.Field = ref
	}
	l.note(fmt.Sprintf("sequence %q", s.Name), s.Enabled, found)
	out.output = output
	l.set.Rules = append(l.set.Rules, out)
	if out.Disabled == "" {
		l.activate(out, spec)
	}
}

func (l *loader) activate(r *Rule, spec sequence.Spec) {
	set := l.set
	for i, c := range r.Conditions {
		set.program.Steps = append(set.program.Steps, c.Expr)
		set.activeSteps = append(set.activeSteps, stepRef{len(set.sequences), i})
	}
	set.sequences = append(set.sequences, spec)
	set.activeSeqs = append(set.activeSeqs, r)
}

// joinField finds the field that joins the steps of a sequence.
func joinField(f *syntax.Field) (*field.Ref, diag.List) {
	ref, problem := field.Resolve(f)
	if problem == nil && ref.Answer == field.Unanswerable {
		problem = &field.Problem{Message: "SysFlow records do not answer " + ref.Text + " (" + ref.Note + "), so that no steps are ever joined"}
	}
	if problem != nil {
		return nil, diag.List{{
			Code: diag.ErrCompileCondition, Pos: f.At, Length: len(f.Name), Message: problem.Message, Hint: problem.Hint,
		}}
	}
	return &ref, nil
}

// technique is the form in which rules name techniques and tactics of MITRE ATT&CK.
var technique = regexp.MustCompile(`^(?i:mitre[:._-])?((?:T[0-9]{4}(?:\.[0-9]{3})?)|(?:TA[0-9]{4}))$`)

func techniques(tags []string) []string {
	var out []string
	for _, t := range tags {
		if m := technique.FindStringSubmatch(strings.TrimSpace(t)); len(m) > 1 && !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}
