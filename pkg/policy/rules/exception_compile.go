package rules

import (
	"bytes"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// exceptionFields checks the fields of exceptions without values, which become no part of the
// condition and are looked up nowhere else. Falco refuses unknown ones, values or not.
func (l *loader) exceptionFields(r *rule) {
	for _, e := range r.exceptions {
		if len(e.rows) > 0 {
			continue
		}
		for _, c := range e.fields {
			l.exceptionField(e, c)
		}
	}
}

func (l *loader) exceptionField(e *exception, c cell) {
	n, problem := syntax.ParseCondition(c.text+" exists", c.at)
	if problem != nil {
		l.syntaxError(diag.ErrCompileCondition, e.label, problem)
		return
	}
	check, ok := n.(*syntax.Check)
	if !ok {
		l.errorf(diag.ErrCompileCondition, c.at(0), e.label, "", "%q is no field", c.text)
		return
	}
	operands := []syntax.Operand{check.Left}
	for len(operands) > 0 {
		o := operands[0]
		operands = operands[1:]
		switch o := o.(type) {
		case *syntax.Call:
			operands = append(operands, o.Args...)
		case *syntax.Field:
			if _, problem := field.Resolve(o); problem != nil {
				l.errorf(diag.ErrCompileCondition, o.At, e.label, problem.Hint, "%s", problem.Message)
				l.found[len(l.found)-1].Length = len(o.Name)
			}
		}
	}
}

// condition returns when the exception holds, nil for one without values.
func (e *exception) condition() syntax.Node {
	if e.single {
		return e.listCheck()
	}
	var rows []syntax.Node
	for _, r := range e.rows {
		if n := e.rowCheck(r); n != nil {
			rows = append(rows, n)
		}
	}
	switch len(rows) {
	case 0:
		return nil
	case 1:
		return rows[0]
	}
	return &syntax.Or{At: rows[0].Pos(), Operands: rows}
}

// listCheck is that of a single field with a list of values.
func (e *exception) listCheck() syntax.Node {
	if len(e.rows) == 0 {
		return nil
	}
	var list passage
	ok := true
	for i, r := range e.rows {
		text, good := r.scalar(r.node, "a value of an exception")
		ok = ok && good
		if i > 0 {
			list.add(", ", r.locate())
		}
		quoted, at := r.quoted(text)
		list.add(quoted, at)
	}
	if !ok {
		return nil
	}
	return e.check(0, e.rows[0], list)
}

// rowCheck is that of one row of values, one for each field.
func (e *exception) rowCheck(r row) syntax.Node {
	if r.node.Kind != yaml.SequenceNode || len(r.node.Content) != len(e.fields) {
		r.invalid(r.node, "", "each row of values must be a list of %d, one for each field", len(e.fields))
		return nil
	}
	var checks []syntax.Node
	for i, n := range r.node.Content {
		value := row{r.item, deref(n)}
		if text, ok := value.value(takesList(e.comps[i].text)); ok {
			if c := e.check(i, value, text); c != nil {
				checks = append(checks, c)
			}
		}
	}
	switch {
	case len(checks) < len(e.fields):
		return nil
	case len(checks) == 1:
		return checks[0]
	}
	return &syntax.And{At: checks[0].Pos(), Operands: checks}
}

// check compares a field with a value that is already in the form of the language.
func (e *exception) check(i int, r row, value passage) syntax.Node {
	var p passage
	p.add(e.fields[i].text+" ", e.fields[i].at)
	p.add(e.comps[i].text+" ", e.comps[i].at)
	inParens := takesList(e.comps[i].text) && !bytes.HasPrefix(value.text, []byte("("))
	if inParens {
		p.add("(", r.locate())
	}
	p.join(&value)
	if inParens {
		p.add(")", r.locate())
	}
	n, problem := syntax.ParseCondition(p.String(), p.at)
	if problem == nil {
		if c, ok := n.(*syntax.Check); ok {
			return c
		}
		r.invalid(r.node, "put it in quotes", "the exception %q makes no comparison of this value", e.name)
		return nil
	}
	r.ok = false
	r.syntaxError(diag.ErrCompileCondition, r.label, problem)
	return nil
}

var bare = regexp.MustCompile(`^[^()"'\s=,]+$`)

// quoted puts a value in quotes unless it is a single word, which may name a list, or has
// quotes already.
func (r row) quoted(text string) (string, syntax.Locator) {
	if bare.MatchString(text) || len(text) > 1 && (text[0] == '"' || text[0] == '\'') {
		return text, r.source.locator(r.node)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`, r.locate()
}

// value returns a value in the form of the language. Falco takes one for an operator with a
// list as it stands, so it may be several names with commas or in parentheses.
func (r row) value(list bool) (passage, bool) {
	var p passage
	if r.node.Kind == yaml.SequenceNode {
		p.add("(", r.locate())
		for i, n := range r.node.Content {
			v := row{r.item, deref(n)}
			text, ok := v.scalar(v.node, "a value of an exception")
			if !ok {
				return p, false
			}
			if i > 0 {
				p.add(", ", v.locate())
			}
			quoted, at := v.quoted(text)
			p.add(quoted, at)
		}
		p.add(")", r.locate())
		return p, true
	}
	text, ok := r.scalar(r.node, "a value of an exception")
	if list && (strings.HasPrefix(text, "(") || strings.Contains(text, ",")) {
		p.add(text, r.source.locator(r.node))
	} else {
		quoted, at := r.quoted(text)
		p.add(quoted, at)
	}
	return p, ok
}

// locate is the place of the value as a whole.
func (r row) locate() syntax.Locator { return fixed(r.source.node(r.node)) }
