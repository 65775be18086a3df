package rules

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// resolve reads the conditions of all that has been defined, now that all names are known.
func (l *loader) resolve() *Set {
	for _, ls := range l.lists.all {
		l.resolveList(ls)
	}
	for _, m := range l.macros.all {
		l.resolveMacro(m)
	}
	set := &Set{Macros: map[string]*Macro{}, Lists: map[string]*List{}}
	for _, d := range l.drops.all {
		d.out.Condition = l.condition(d.definition, &d.condition, nil)
		set.Drops = append(set.Drops, &d.out)
	}
	for _, r := range l.rules.all {
		if !r.skipped {
			l.resolveRule(r)
			set.Rules = append(set.Rules, &r.out)
		}
	}
	for _, s := range l.sequences.all {
		l.resolveSequence(s)
		set.Sequences = append(set.Sequences, &s.out)
	}
	l.names(set)
	return set
}

// names fills in the macros and lists of a set, and warns about unused ones. An error leaves
// open what would be used, so Falco does not tell then either.
func (l *loader) names(set *Set) {
	sound := !l.found.HasErrors()
	for _, m := range l.macros.all {
		set.Macros[m.name] = &Macro{Name: m.name, Condition: m.node, ConditionText: strings.TrimSpace(m.text.String()), Pos: m.pos}
		if sound && !m.used {
			l.warnf(diag.WarnUnusedMacro, m.pos, m.label(), "", "no rule or macro uses the macro %q", m.name)
		}
	}
	for _, ls := range l.lists.all {
		set.Lists[ls.name] = &List{Name: ls.name, Items: ls.resolved, Pos: ls.pos}
		if sound && !ls.used {
			l.warnf(diag.WarnUnusedList, ls.pos, ls.label(), "", "no rule, macro or list uses the list %q", ls.name)
		}
	}
}

func (l *loader) resolveRule(r *rule) {
	r.out.Condition = l.condition(r.definition, &r.condition, r.exceptions)
	if !r.out.SkipIfUnknownFilter {
		l.exceptionFields(r)
	}
	r.out.ConditionText = strings.TrimSpace(r.condition.String())
	l.head(r.definition, &r.out.Head, &r.output)
	if len(r.descs) > 0 {
		r.out.Desc = strings.TrimSpace(r.out.Desc + " " + strings.Join(r.descs, " "))
	}
}

func (l *loader) resolveSequence(s *sequence) {
	l.head(s.definition, &s.out.Head, &s.output)
	for i := range s.out.Steps {
		s.out.Steps[i].Condition = l.condition(s.definition, &s.steps[i], nil)
		s.out.Steps[i].ConditionText = strings.TrimSpace(s.steps[i].String())
	}
}

// head reads the output of a rule or sequence.
func (l *loader) head(d definition, h *Head, output *passage) {
	h.Tags = unique(h.Tags)
	if len(output.parts) == 0 {
		return
	}
	text, at := output.trimmed()
	t, problem := syntax.ParseTemplate(text, at)
	if problem != nil {
		l.syntaxError(diag.ErrCompileOutput, d.label(), problem)
		return
	}
	t.Parts = slices.DeleteFunc(t.Parts, func(p syntax.Part) bool {
		f, ok := p.Operand.(*syntax.Field)
		return ok && l.isContainerInfo(d, f)
	})
	h.Output = t
}

// isContainerInfo reports whether an output asks for what once was the place where Falco put
// its -pc and -pk options to use. Falco takes it out of outputs and warns.
func (l *loader) isContainerInfo(d definition, f *syntax.Field) bool {
	if f.Name != "container.info" {
		return false
	}
	l.warnf(diag.WarnDeprecatedItem, f.At, d.label(), "leave it out, or write %container.id and %container.name",
		"%%container.info is deprecated and left out of the output")
	return true
}

func (l *loader) syntaxError(code diag.Code, label string, e *syntax.Error) {
	l.add(&diag.Diagnostic{
		Severity: diag.Error, Code: code, Pos: e.At, Length: e.Length, Item: label, Message: e.Message, Hint: e.Hint,
	})
}

// condition reads a condition and resolves its names. What is missing has been reported.
func (l *loader) condition(d definition, text *passage, exceptions []*exception) syntax.Node {
	if len(text.parts) == 0 {
		return nil
	}
	n, problem := syntax.ParseCondition(text.String(), text.at)
	if problem != nil {
		l.syntaxError(diag.ErrCompileCondition, d.label(), problem)
		n = nil
	}
	n = except(n, exceptions)
	if n == nil {
		return nil
	}
	e := expander{loader: l, of: d}
	n, s := e.node(n)
	if s.excessive() {
		l.tooComplex(d)
		return nil // or else whoever looks for further mistakes would write it out
	}
	if !l.writes(e.fromMacros, d) {
		return nil
	}
	return n
}

// except adds to a condition that none of the exceptions holds.
func except(n syntax.Node, exceptions []*exception) syntax.Node {
	var parts []syntax.Node
	for _, e := range exceptions {
		if c := e.condition(); c != nil {
			parts = append(parts, &syntax.Not{At: c.Pos(), Operand: c})
		}
	}
	if n == nil || len(parts) == 0 {
		return n
	}
	return &syntax.And{At: n.Pos(), Operands: append([]syntax.Node{n}, parts...)}
}

func (l *loader) tooComplex(d definition) {
	l.errorf(diag.ErrCompileCondition, d.pos, d.label(), "split it into several rules",
		"the condition of the %s has more than %d checks or %d levels when macros are written out", d.label(), maxChecks, maxNested)
}

// resolveMacro reads the condition of a macro, and those of the macros that it uses.
func (l *loader) resolveMacro(m *macro) {
	switch m.state {
	case done, failed:
		return
	case inWork:
		for _, t := range cycle(l, l.macroTrail, m) {
			t.state = failed
		}
		return
	}
	m.state = inWork
	if len(m.text.parts) == 0 {
		m.state = failed
		return
	}
	n, problem := syntax.ParseCondition(m.text.String(), m.text.at)
	if problem != nil {
		m.state = failed
		l.syntaxError(diag.ErrCompileCondition, m.label(), problem)
		return
	}
	l.macroTrail = append(l.macroTrail, m)
	e := expander{loader: l, of: m.definition}
	if len(l.macroTrail) > maxNested {
		e.fail(m.pos, 1, "", "macros use macros more than %d levels deep", maxNested)
	} else {
		m.node, m.size = e.node(n)
	}
	l.macroTrail = l.macroTrail[:len(l.macroTrail)-1]
	switch {
	case e.failed || m.state == failed:
		m.state = failed
	case m.size.excessive():
		m.state = failed
		l.tooComplex(m.definition)
	default:
		m.state = done
	}
}
