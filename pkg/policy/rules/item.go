package rules

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// item is a mapping of a rule file, with what it is for messages.
type item struct {
	*loader
	source *source
	node   *yaml.Node
	// label names it, like `rule "x"`.
	label string
	// pos is where it begins.
	pos  diag.Position
	keys map[string]*yaml.Node
	// ok turns false with the first error of the item.
	ok bool
}

// newItem takes a mapping apart. Keys that are given twice are an error.
func (l *loader) newItem(s *source, n *yaml.Node, label string) *item {
	it := &item{loader: l, source: s, node: n, label: label, pos: s.node(n), keys: make(map[string]*yaml.Node, len(n.Content)/2), ok: true}
	for key, value := range pairs(n) {
		name := deref(key).Value
		if _, twice := it.keys[name]; twice {
			it.fail(diag.ErrYAMLValidate, key, "leave one of them out", "the key %q is given twice", name)
			continue
		}
		it.keys[name] = deref(value)
	}
	return it
}

// fail reports an error at a node.
func (it *item) fail(code diag.Code, n *yaml.Node, hint, format string, args ...any) {
	it.ok = false
	it.errorf(code, it.source.node(n), it.label, hint, format, args...)
	it.found[len(it.found)-1].Length = it.source.length(n)
}

// invalid reports that a value is not what its key wants.
func (it *item) invalid(n *yaml.Node, hint, format string, args ...any) {
	it.fail(diag.ErrYAMLValidate, n, hint, format, args...)
}

func (it *item) warn(code diag.Code, n *yaml.Node, hint, format string, args ...any) {
	it.warnf(code, it.source.node(n), it.label, hint, format, args...)
	it.found[len(it.found)-1].Length = it.source.length(n)
}

func (it *item) has(key string) bool {
	_, ok := it.keys[key]
	return ok
}

// onlyKeys warns about keys that mean nothing here.
func (it *item) onlyKeys(known ...string) {
	for key := range pairs(it.node) {
		name := deref(key).Value
		if slices.Contains(known, name) {
			continue
		}
		hint := ""
		if near := diag.Nearest(name, slices.Values(known)); near != "" {
			hint = "did you mean " + near + "?"
		}
		it.warn(diag.WarnUnknownKey, key, hint, "the key %q is not known here and ignored", name)
	}
}

// text returns the value of a key that must be there.
func (it *item) text(key string) (string, *yaml.Node, bool) {
	n, ok := it.keys[key]
	if !ok {
		it.ok = false
		it.errorf(diag.ErrYAMLValidate, it.pos, it.label, "add it", "the key %q is missing", key)
		return "", nil, false
	}
	text, ok := it.scalar(n, "the value of "+strconv.Quote(key))
	return text, n, ok
}

// optional returns the value of a key, false if it is not there or not good.
func (it *item) optional(key string) (string, *yaml.Node, bool) {
	if !it.has(key) {
		return "", nil, false
	}
	return it.text(key)
}

func (it *item) scalar(n *yaml.Node, what string) (string, bool) {
	switch {
	case isNull(n):
		it.invalid(n, "", "%s is empty", what)
	case n.Kind != yaml.ScalarNode:
		it.invalid(n, "", "%s must be a text, not %s", what, kindName(n))
	case n.Value == "":
		it.invalid(n, "", "%s is empty", what)
	case !it.affords(len(n.Value)):
		it.tooLarge(n)
	default:
		return n.Value, true
	}
	return "", false
}

// tooLarge reports once that no more can be read.
func (it *item) tooLarge(n *yaml.Node) {
	if it.ok = false; !it.exhausted {
		it.exhausted = true
		it.invalid(n, "leave out what is not needed, and aliases of what is large", "the rule files have too much text, aliases written out")
	}
}

// texts returns the texts of a list.
func (it *item) texts(key string) []string {
	var out []string
	for n := range it.elements(key) {
		if t, ok := it.scalar(n, "an item of "+strconv.Quote(key)); ok {
			out = append(out, t)
		}
	}
	return out
}

// elements yields the items of a list.
func (it *item) elements(key string) func(yield func(*yaml.Node) bool) {
	return func(yield func(*yaml.Node) bool) {
		n := it.keys[key]
		if n.Kind != yaml.SequenceNode {
			it.invalid(n, "write it in brackets: [a, b]", "the value of %q must be a list, not %s", key, kindName(n))
			return
		}
		if !it.affords(len(n.Content) * itemCost) {
			it.tooLarge(n)
			return
		}
		for _, c := range n.Content {
			if !yield(deref(c)) {
				return
			}
		}
	}
}

// truth reads a truth value in any of the forms of YAML and of Go, which SysFlow policies use.
func (it *item) truth(key string, value *bool) {
	text, n, ok := it.optional(key)
	if !ok {
		return
	}
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y", "t", "1":
		*value = true
	case "false", "no", "off", "n", "f", "0":
		*value = false
	default:
		it.invalid(n, "write true or false", "the value of %q must be true or false, not %q", key, text)
	}
}

// passage returns a text with where it was written.
func (it *item) passage(text string, n *yaml.Node) passage {
	var p passage
	p.add(text, it.source.locator(n))
	return p
}
