package rules

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// exception says when a rule does not hold: if the fields have the values of one of its rows.
type exception struct {
	*item
	name string
	// single exceptions have one field, and their rows are single values of one list.
	single bool
	fields []cell
	comps  []cell
	rows   []row
}

// cell is a text of an exception and where it was written.
type cell struct {
	text string
	at   syntax.Locator
}

// row is a value of an exception, of the same or of an appending item.
type row struct {
	*item
	node *yaml.Node
}

// exceptions reads the exceptions of a rule. "exceptions:" with nothing behind it is allowed.
func (it *item) exceptions() []*exception {
	var out []*exception
	it.eachException(func(e *exception) {
		if slices.ContainsFunc(out, func(x *exception) bool { return x.name == e.name }) {
			it.warn(diag.WarnExceptionNotUnique, e.node, "give them different names", "the rule has several exceptions named %q", e.name)
		}
		if e.define() {
			out = append(out, e)
		}
	})
	return out
}

// appendExceptions adds new exceptions to a rule, and values to those that it has.
func (it *item) appendExceptions(base *rule) {
	it.eachException(func(e *exception) {
		if !e.has("values") {
			it.warn(diag.WarnAppendNoValues, e.node, "", "the exception %q is appended without values", e.name)
		}
		i := slices.IndexFunc(base.exceptions, func(x *exception) bool { return x.name == e.name })
		if i < 0 {
			if !e.has("values") {
				e.invalid(e.node, "", "a new exception must have values")
			} else if e.define() {
				base.exceptions = append(base.exceptions, e)
			}
			return
		}
		for _, key := range []string{"fields", "comps"} {
			if n, ok := e.keys[key]; ok {
				e.invalid(n, "leave the key out", "only values can be appended to an exception, not %s", key)
			}
		}
		e.readRows()
		base.exceptions[i].rows = append(base.exceptions[i].rows, e.rows...)
	})
}

func (it *item) eachException(use func(e *exception)) {
	if n, ok := it.keys["exceptions"]; !ok || isNull(n) {
		return
	}
	for n := range it.elements("exceptions") {
		sub := it.newItem(it.source, n, it.label)
		if n.Kind != yaml.MappingNode {
			sub.invalid(n, "give it a name, fields and values", "an exception must be a mapping, not %s", kindName(n))
			it.ok = false
			continue
		}
		sub.onlyKeys("name", "fields", "comps", "values")
		if name, _, ok := sub.text("name"); ok {
			use(&exception{item: sub, name: name})
		}
		it.ok = it.ok && sub.ok
	}
}

// define reads all of a new exception.
func (e *exception) define() bool {
	fields, ok := e.keys["fields"]
	if !ok {
		e.text("fields")
		return false
	}
	e.fields, e.single = e.cells(fields, "a field")
	e.readComps()
	e.readRows()
	if len(e.fields) == 0 && e.ok {
		e.invalid(fields, "", "the exception has no fields")
	}
	return e.ok
}

// cells reads a text or a list of texts; it tells which.
func (e *exception) cells(n *yaml.Node, what string) ([]cell, bool) {
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	var out []cell
	for _, c := range list {
		c = deref(c)
		if text, ok := e.scalar(c, what+" of an exception"); ok {
			out = append(out, cell{text, e.source.locator(c)})
		}
	}
	return out, n.Kind != yaml.SequenceNode
}

// readComps reads the operators, or sets what Falco takes in their stead: "=" for each of
// several fields, "in" for a single one.
func (e *exception) readComps() {
	n, ok := e.keys["comps"]
	if !ok {
		op := "="
		if e.single {
			op = "in"
		}
		for _, f := range e.fields {
			e.comps = append(e.comps, cell{op, fixed(f.at(0))})
		}
		return
	}
	var single bool
	e.comps, single = e.cells(n, "an operator")
	switch {
	case !e.ok:
	case single && e.single:
		if !takesList(e.comps[0].text) || !isComparison(e.comps[0].text) {
			e.invalid(n, "use in, pmatch or intersects, or a modifier as in \"= anyof\"",
				"the operator %q of an exception with a single field must take a list", e.comps[0].text)
		}
	case e.single:
		e.invalid(n, "", "fields is a single text, so comps must be one too")
	case single || len(e.comps) != len(e.fields):
		e.invalid(n, "", "fields and comps must have the same length, but there are %d and %d", len(e.fields), len(e.comps))
	default:
		for i, c := range e.comps {
			if !isComparison(c.text) {
				e.invalid(deref(n.Content[i]), "", "%q is no comparison operator", c.text)
			}
		}
	}
}

func (e *exception) readRows() {
	n, ok := e.keys["values"]
	if !ok || isNull(n) {
		return
	}
	for v := range e.elements("values") {
		e.rows = append(e.rows, row{e.item, v})
	}
}

var comparisons = []string{
	"=", "==", "!=", "<", "<=", ">", ">=", "contains", "icontains", "bcontains", "startswith", "bstartswith",
	"endswith", "glob", "iglob", "regex", "in", "intersects", "pmatch",
}

// isComparison reports whether a text is an operator with a right side, perhaps with a modifier.
func isComparison(text string) bool {
	f := strings.Fields(text)
	return (len(f) == 1 || len(f) == 2 && isModifier(f[1])) && slices.Contains(comparisons, f[0])
}

// takesList reports whether an operator wants a list in parentheses.
func takesList(comp string) bool {
	f := strings.Fields(comp)
	switch f[0] {
	case "in", "intersects", "pmatch":
		return true
	}
	return len(f) > 1 && isModifier(f[len(f)-1])
}

func isModifier(word string) bool { return word == "oneof" || word == "anyof" || word == "allof" }

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
	if list := takesList(e.comps[i].text); list && !strings.HasPrefix(value.String(), "(") {
		p.add("(", r.locate())
		p.parts, p.text = append(p.parts, shift(value.parts, len(p.text))...), append(p.text, value.text...)
		p.add(")", r.locate())
	} else {
		p.parts, p.text = append(p.parts, shift(value.parts, len(p.text))...), append(p.text, value.text...)
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

func shift(parts []part, by int) []part {
	out := make([]part, len(parts))
	for i, p := range parts {
		out[i] = part{p.start + by, p.locate}
	}
	return out
}
