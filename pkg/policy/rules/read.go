package rules

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Names that Falco's grammar can refer to (libs, userspace/libsinsp/filter/parser.h).
var (
	macroName = regexp.MustCompile(`^[a-zA-Z]+[a-zA-Z0-9_]*$`)
	// nameOfList is how lists are named that are no words by themselves.
	nameOfList = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`)
	listName   = regexp.MustCompile(`^[^()"'\s=,]+$`)
)

// item takes up an item of a file. Falco looks for the keys in this order.
func (l *loader) item(s *source, n *yaml.Node) {
	it := l.newItem(s, n, "")
	if n.Kind != yaml.MappingNode {
		it.invalid(n, `begin each item with "- rule:", "- macro:" or "- list:"`, "an item must be a mapping, not %s", kindName(n))
		return
	}
	switch {
	case it.has("required_engine_version"):
		it.requiredEngine()
	case it.has("required_plugin_versions"):
		it.requiredPlugins()
	case it.has("list"):
		it.list()
	case it.has("macro"):
		it.macro()
	case it.has("rule"):
		it.rule()
	case it.has("filter"):
		it.drop("filter")
	case it.has("drop"):
		it.drop("drop")
	case it.has("sequence"):
		it.sequence()
	default:
		it.unknown()
	}
}

var itemKinds = []string{"rule", "macro", "list", "filter", "drop", "sequence", "required_engine_version", "required_plugin_versions"}

func (it *item) unknown() {
	hint := ""
	for key := range pairs(it.node) {
		if near := diag.Nearest(deref(key).Value, slices.Values(itemKinds)); near != "" && hint == "" {
			hint = "did you mean " + near + "?"
		}
	}
	it.warn(diag.WarnUnknownItem, it.node, hint, "this item is ignored: it is no rule, macro, list, drop or sequence")
}

// named reads the name of an item, which is the value of its kind.
func (it *item) named(kind string) (definition, bool) {
	name, _, ok := it.text(kind)
	d := definition{kind: kind, name: name, source: it.source, pos: it.pos}
	if ok {
		it.label = d.label()
	}
	return d, ok
}

func (it *item) list() {
	d, ok := it.named("list")
	if !ok {
		return
	}
	if !listName.MatchString(d.name) {
		it.warn(diag.WarnInvalidListName, it.keys["list"], "leave out blanks, quotes, parentheses, = and commas",
			"the name %q of a list cannot be written in a condition", d.name)
	}
	appends := it.appends("items")
	it.onlyKeys("list", "items", "append", "override")
	ls := &list{definition: d}
	if !it.has("items") {
		it.text("items")
	} else {
		for n := range it.elements("items") {
			if text, ok := it.listItem(n); ok {
				ls.items = append(ls.items, text)
			}
		}
	}
	take(it, &it.lists, ls, appends, func(base *list) {
		if appends == "append" {
			base.items = append(base.items, ls.items...)
		} else {
			base.items = ls.items
		}
	})
}

// listItem reads an item of a list. Falco puts the text of lists into conditions before it
// reads these, so quotes in the item are quotes of the condition: '"(systemd)"' is (systemd).
func (it *item) listItem(n *yaml.Node) (*syntax.Literal, bool) {
	if n.Kind == yaml.ScalarNode && n.Value == "" && !isNull(n) {
		return &syntax.Literal{At: it.source.node(n), Quoted: true}, true
	}
	text, ok := it.scalar(n, "an item of the list")
	if !ok {
		return nil, false
	}
	inner, quoted := unquote(text)
	return &syntax.Literal{At: it.source.node(n), Text: inner, Quoted: quoted}, true
}

func (it *item) macro() {
	d, ok := it.named("macro")
	if !ok {
		return
	}
	if !macroName.MatchString(d.name) {
		it.warn(diag.WarnInvalidMacroName, it.keys["macro"], "use letters, digits and underscores, a letter first",
			"the name %q of a macro cannot be written in a condition", d.name)
	}
	appends := it.appends("condition")
	it.onlyKeys("macro", "condition", "desc", "append", "override")
	m := &macro{definition: d}
	if text, n, ok := it.text("condition"); ok {
		m.text = it.passage(text, n)
	}
	take(it, &it.macros, m, appends, func(base *macro) {
		if appends == "append" {
			base.text.append(&m.text)
		} else {
			base.text = m.text
		}
	})
}

// take takes up a list or macro: as a definition, or as a change of an earlier one.
func take[D definer](it *item, t *table[D], d D, how string, change func(base D)) {
	def := d.def()
	base, known := t.visible(def.name, it.source)
	switch {
	case how == "append" && !known:
		it.noBase(def.kind, def.name, diag.Nearest(def.name, t.names()))
	case how != "" && known:
		it.touch(base.def())
		change(base)
	default:
		define(it.loader, t, d)
	}
}

// touch notes that something was changed: from now on it sees what was defined before.
func (it *item) touch(d *definition) {
	it.order++
	d.changed = it.order
}

// noBase reports that there is nothing to change.
func (it *item) noBase(kind, name, near string) {
	hint := "define it before, in this file or in an earlier one"
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	it.ok = false
	it.errorf(diag.ErrValidate, it.pos, it.label, hint, "there is no %s %q before that this could change", kind, name)
}

// unquote takes off quotes around a text, and reads the escapes within.
func unquote(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' && text[0] != '\'' || text[len(text)-1] != text[0] {
		return text, false
	}
	body := text[1 : len(text)-1]
	if !strings.ContainsRune(body, '\\') {
		return body, true
	}
	n, err := syntax.ParseCondition("x.y = "+text, nil)
	if err != nil {
		return body, true
	}
	if c, ok := n.(*syntax.Check); ok && len(c.Right) == 1 {
		if l, ok := c.Right[0].(*syntax.Literal); ok && l.Quoted {
			return l.Text, true
		}
	}
	return body, true
}
