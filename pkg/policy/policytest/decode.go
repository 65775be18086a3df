package policytest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// maxMerges bounds the merge keys of a file: they may refer to themselves.
const maxMerges = 1000

// decoder turns YAML nodes into values and gathers what is wrong with them.
type decoder struct {
	file     string
	lines    []string
	findings diag.List
	merges   int
}

// setter stores the value of a node.
type setter func(*yaml.Node)

// into stores what read makes of a node.
func into[T any](p *T, read func(*yaml.Node) (T, bool)) setter {
	return func(n *yaml.Node) {
		if v, ok := read(n); ok {
			*p = v
		}
	}
}

// given is into for what has no value where nothing is given.
func given[T any](p **T, read func(*yaml.Node) (T, bool)) setter {
	return func(n *yaml.Node) {
		if v, ok := read(n); ok {
			*p = &v
		}
	}
}

// pos returns where a node begins. YAML counts characters, we count bytes.
func (d *decoder) pos(n *yaml.Node) diag.Position {
	p := diag.Position{File: d.file, Line: n.Line, Column: n.Column}
	if n.Line < 1 || n.Line > len(d.lines) {
		return p
	}
	line, column := d.lines[n.Line-1], 0
	for i := 1; i < n.Column && column < len(line); i++ {
		_, size := utf8.DecodeRuneInString(line[column:])
		column += size
	}
	p.Column = column + 1
	return p
}

// add notes an error at n; hint may be empty.
func (d *decoder) add(n *yaml.Node, hint, format string, args ...any) {
	length := 1
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		length = max(1, len(n.Value))
	}
	d.findings = append(d.findings, &diag.Diagnostic{
		Code: diag.ErrYAMLValidate, Pos: d.pos(n), Length: length, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// pair is a key of a mapping with its value.
type pair struct{ key, value *yaml.Node }

// object reads a mapping whose keys are known; what names it in messages. It returns the
// keys that were given.
func (d *decoder) object(n *yaml.Node, what string, keys map[string]setter) map[string]*yaml.Node {
	seen := make(map[string]*yaml.Node)
	for _, p := range d.pairs(n, what) {
		set, known := keys[p.key.Value]
		switch {
		case !known:
			d.add(p.key, didYouMean(p.key.Value, keys), "%s has no key %q", what, p.key.Value)
		case seen[p.key.Value] == nil:
			seen[p.key.Value] = p.key
			set(deref(p.value))
		}
	}
	return seen
}

// pairs lists the keys of a mapping, its own before those merged into it by "<<".
func (d *decoder) pairs(n *yaml.Node, what string) []pair {
	n = deref(n)
	if n.Kind != yaml.MappingNode {
		d.add(n, "write key: value pairs", "%s must be a mapping, not %s", what, kindName(n))
		return nil
	}
	var out, merged []pair
	first := make(map[string]int)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch line, double := first[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.add(key, "", "the keys of %s must be words", what)
		case key.Tag == "!!merge":
			d.merges++
			if d.merges < maxMerges {
				merged = append(merged, d.merged(value, what)...)
			} else if d.merges == maxMerges {
				d.add(key, "", "the file has too many merge keys, or one that merges into itself")
			}
		case double:
			d.add(key, "", "%s has the key %q twice, the first is on line %d", what, key.Value, line)
		default:
			first[key.Value] = key.Line
			out = append(out, pair{key, value})
		}
	}
	return append(out, merged...)
}

func (d *decoder) merged(n *yaml.Node, what string) []pair {
	if n = deref(n); n.Kind != yaml.SequenceNode {
		return d.pairs(n, what)
	}
	var out []pair
	for _, item := range n.Content {
		out = append(out, d.pairs(item, what)...)
	}
	return out
}

// names reads a mapping from names to anything.
func (d *decoder) names(what string, each func(key, value *yaml.Node)) setter {
	return func(n *yaml.Node) {
		seen := make(map[string]bool)
		for _, p := range d.pairs(n, what) {
			if !seen[p.key.Value] { // merged keys come after the mapping's own
				seen[p.key.Value] = true
				each(p.key, deref(p.value))
			}
		}
	}
}

// list reads a list.
func (d *decoder) list(what string, each func(*yaml.Node)) setter {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			d.add(n, "write [a, b] or lines that begin with -", "%s must be a list, not %s", what, kindName(n))
			return
		}
		for _, item := range n.Content {
			each(deref(item))
		}
	}
}

// text reads any scalar as text.
func (d *decoder) text(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode {
		d.add(n, "", "a text is expected here, not %s", kindName(n))
		return "", false
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return n.Value, true
}

// texts reads a list of texts, or a single one.
func (d *decoder) texts(n *yaml.Node) ([]string, bool) {
	var out []string
	add := func(n *yaml.Node) {
		if s, ok := d.text(n); ok {
			out = append(out, s)
		}
	}
	if n.Kind == yaml.ScalarNode {
		add(n)
	} else {
		d.list("this", add)(n)
	}
	return out, true
}

// words reads a text, or a list of texts which are joined by blanks.
func (d *decoder) words(n *yaml.Node) (string, bool) {
	list, ok := d.texts(n)
	return strings.Join(list, " "), ok
}

func (d *decoder) boolean(n *yaml.Node) (value, ok bool) {
	if n.Kind == yaml.ScalarNode && (n.Value == "true" || n.Value == "false") {
		return n.Value == "true", true
	}
	d.add(n, "", "true or false is expected here")
	return false, false
}

// number reads whole numbers of bits bits.
func number[T int32 | int64](d *decoder, bits int) func(*yaml.Node) (T, bool) {
	return func(n *yaml.Node) (T, bool) {
		v, err := strconv.ParseInt(n.Value, 0, bits)
		if n.Kind != yaml.ScalarNode || err != nil {
			d.add(n, "", "a whole number of at most %d bits is expected here", bits)
			return 0, false
		}
		return T(v), true
	}
}

func (d *decoder) duration(n *yaml.Node) (time.Duration, bool) {
	v, err := time.ParseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.add(n, "write a number with a unit: 10s, 1m30s, 5ms", "a duration is expected here")
		return 0, false
	}
	return v, true
}

// deref follows an alias to what it stands for.
func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return strconv.Quote(n.Value)
	}
}

func keysOf[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
