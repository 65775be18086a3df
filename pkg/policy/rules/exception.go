package rules

import (
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
