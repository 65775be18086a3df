package engine

import (
	"cmp"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// Compiled is a program made ready. Any number of engines may share it.
type Compiled struct {
	units []*questions
	// processUnit is the index of the unit of process scope, -1 if there is none.
	processUnit int32
	conditions  *conditions
	// left are the items that ask something, held those that always hold.
	left         []open
	held         []int32
	drops, rules int
}

// Compile makes a program ready.
func Compile(p Program) *Compiled {
	seen := collect{known: make(map[string]bool)}
	items := slices.Concat(p.Drops, p.Rules, p.Steps)
	for _, e := range items {
		seen.add(e)
	}
	c := &Compiled{conditions: newConditions(nil), drops: len(p.Drops), rules: len(p.Rules), processUnit: -1}
	var place map[string]placed
	c.units, place = group(seen.atoms)
	for i, u := range c.units {
		if u.scope == field.ScopeProcess {
			c.processUnit = int32(i)
		}
	}
	for i, item := range items {
		switch n := c.conditions.add(item, place); n {
		case falseNode:
		case trueNode:
			c.held = append(c.held, int32(i))
		default:
			c.left = append(c.left, open{item: int32(i), node: n})
		}
	}
	return c
}

// placed says where the answer of an atom is found.
type placed struct{ unit, bit int32 }

// collect finds the atoms of conditions, each once, in order of appearance.
type collect struct {
	atoms []*expr.Atom
	known map[string]bool
}

func (c *collect) add(e expr.Expr) {
	expr.Walk(e, func(e expr.Expr) {
		if a, ok := e.(*expr.Atom); ok && !c.known[a.Key()] {
			c.known[a.Key()] = true
			c.atoms = append(c.atoms, a)
		}
	})
}

// group sorts atoms into units, in the order in which records are asked: first what is
// remembered by shape, process and path, then single values, the cheap and the rare ones first.
func group(atoms []*expr.Atom) ([]*questions, map[string]placed) {
	groups := make(map[string][]*expr.Atom)
	var keys []string
	for _, a := range atoms {
		key := scopeKeys[a.Source.Scope]
		if key == "" {
			key = a.Source.Key
		}
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], a)
	}
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(cost(groups[a][0]), cost(groups[b][0])) })
	list := make([]*questions, len(keys))
	place := make(map[string]placed, len(atoms))
	for i, key := range keys {
		list[i] = newQuestions(int32(i), groups[key], place)
	}
	return list, place
}

// scopeKeys names the units that hold all sources of a scope. No source has such a key.
var scopeKeys = map[field.Scope]string{
	field.ScopeShape: " shape", field.ScopeProcess: " process", field.ScopeFile: " file", field.ScopeNewFile: " new file",
}

// cost orders units. The shape comes first, as it leaves the fewest rules.
func cost(a *expr.Atom) int {
	switch a.Source.Scope {
	case field.ScopeShape:
		return 0
	case field.ScopeProcess:
		return 1
	case field.ScopeFile:
		return 2
	case field.ScopeNewFile:
		return 3
	}
	switch {
	case a.Test.Kind == expr.Compares:
		return 7
	case a.Source.Early():
		return 4
	case a.Source.Type == field.String:
		return 6
	case a.Source.Type == field.Addr:
		return 5
	}
	return 4
}

func newQuestions(index int32, atoms []*expr.Atom, place map[string]placed) *questions {
	u := &questions{scope: atoms[0].Source.Scope}
	u.byText = areByText(u.scope, atoms)
	var bySource []string
	groups := make(map[string][]*expr.Atom)
	for _, a := range atoms {
		if groups[a.Source.Key] == nil {
			bySource = append(bySource, a.Source.Key)
		}
		groups[a.Source.Key] = append(groups[a.Source.Key], a)
	}
	for _, key := range bySource {
		list := groups[key]
		bits := make([]int32, len(list))
		for i, a := range list {
			bits[i] = u.bits
			place[a.Key()] = placed{unit: index, bit: u.bits}
			u.bits++
		}
		u.sources = append(u.sources, &sourceTests{source: list[0].Source, tests: testers(list, bits)})
	}
	return u
}

// testers returns what answers the tests of one source.
func testers(atoms []*expr.Atom, bits []int32) []tester {
	var out []tester
	var text, number, address []*expr.Atom
	var textBits, numberBits, addressBits []int32
	for i, a := range atoms {
		bit := bits[i]
		switch {
		case a.Every:
			out = append(out, every{a, bit})
		case a.Test.Kind == expr.Present:
			out = append(out, presence(bit))
		case a.Test.Kind == expr.NonZero:
			out = append(out, nonZero{a.Source, bit})
		case a.Test.Kind == expr.Compares:
			out = append(out, comparison{atom: a, bit: bit})
		case a.Test.Kind == expr.PassesCount:
			out = append(out, newCounted(a, bit))
		case a.Test.Kind == expr.InRanges:
			number, numberBits = append(number, a), append(numberBits, bit)
		case a.Test.Kind == expr.InNetworks:
			address, addressBits = append(address, a), append(addressBits, bit)
		default:
			text, textBits = append(text, a), append(textBits, bit)
		}
	}
	if text != nil {
		out = append(out, newTextTests(text, textBits))
	}
	if number != nil {
		out = append(out, newNumberTests(number, numberBits))
	}
	if address != nil {
		out = append(out, newAddressTests(address, addressBits))
	}
	return out
}
