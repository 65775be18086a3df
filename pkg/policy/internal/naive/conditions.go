package naive

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Rules makes random rules about a world. Most constants are what fields of its records
// have, or nearly so.
type Rules struct {
	rnd     *rand.Rand
	samples []*field.Record
	fields  []*field.Def
	// macros and lists are names that may be used.
	macros, lists []string
}

// NewRules returns a maker of rules that is determined by a seed.
func NewRules(seed uint64) *Rules {
	g := &Rules{rnd: rand.New(rand.NewPCG(seed, 2))} //nolint:gosec // to be repeated
	w := NewWorld(seed + 1)
	for range 60 {
		g.samples = append(g.samples, w.Next())
	}
	for _, d := range field.All() {
		// Of the many fields of one kind a few will do.
		if strings.HasPrefix(d.Name, "evt.type.is.") && g.rnd.IntN(40) > 0 || d.Answer == field.Unanswerable && g.rnd.IntN(20) > 0 {
			continue
		}
		g.fields = append(g.fields, d)
	}
	return g
}

func (g *Rules) one(of ...string) string { return pick(g.rnd, of) }

func (g *Rules) chance(percent int) bool { return g.rnd.IntN(100) < percent }

// Condition returns a random condition that nests at most so deep.
func (g *Rules) Condition(depth int) string {
	n := g.rnd.IntN(10)
	switch {
	case depth <= 0 || n < 3:
		return g.check()
	case n < 4:
		return "not " + g.group(depth-1)
	case n < 5 && len(g.macros) > 0:
		return pick(g.rnd, g.macros)
	}
	join := g.one(" and ", " or ")
	parts := []string{g.group(depth - 1)}
	for range 1 + g.rnd.IntN(3) {
		parts = append(parts, g.group(depth-1))
	}
	return strings.Join(parts, join)
}

// group is a condition that needs no parentheses around it.
func (g *Rules) group(depth int) string {
	c := g.Condition(depth)
	if strings.Contains(c, " and ") || strings.Contains(c, " or ") || g.chance(5) {
		return "(" + c + ")"
	}
	return c
}

// subject is the left side of a check.
type subject struct {
	text string
	ref  field.Ref
	typ  field.Type
	// values are what the records of the world have.
	values []item
	// changed ones stand in a transformer.
	changed bool
}

// subject picks a field, and an argument if it may have one.
func (g *Rules) subject() subject {
	for {
		d := pick(g.rnd, g.fields)
		f := &syntax.Field{Name: d.Name}
		if arg := g.argument(d.Arg); arg != "" {
			f.Arg, f.HasArg = arg, true
		}
		ref, problem := field.Resolve(f)
		if problem != nil {
			continue
		}
		s := subject{text: syntax.FormatOperand(f), ref: ref, typ: ref.Type}
		for range 6 {
			s.values = append(s.values, read(&ref, pick(g.rnd, g.samples)).items...)
		}
		return s
	}
}

func (g *Rules) argument(kind field.ArgKind) string {
	switch kind {
	case field.RequiredIndex:
		return strconv.Itoa(g.rnd.IntN(4))
	case field.OptionalIndex:
		return g.one("", "0", "1", "2", "7")
	case field.RequiredKey:
		return g.one("HOME", "A", "app", "/etc", "0", "/proc*", "1")
	case field.OptionalKey:
		return g.one("", "HOME", "A", "LD_PRELOAD", "1", "request")
	case field.JSONPath:
		return g.one("", "kind", "metadata.name", "n.1", "0", "#", "0.name", "app", "0.source")
	}
	return ""
}

// check returns a check of a random field with an operator that its type has.
func (g *Rules) check() string {
	s := g.subject()
	if g.chance(8) {
		return s.text + " exists"
	}
	left := s.text
	if s.typ == field.String && g.chance(12) {
		left, s = g.transformed(s)
	}
	switch s.typ {
	case field.Int:
		return left + " " + g.aboutNumber(s)
	case field.Bool:
		return left + " " + g.one("=", "!=") + " " + g.one("true", "false")
	case field.Addr:
		return left + " " + g.aboutAddress(s)
	}
	return left + " " + g.aboutText(s)
}

// transformed wraps a text field into a transformer.
func (g *Rules) transformed(s subject) (string, subject) {
	name := g.one("tolower", "toupper", "basename", "b64", "len", "basename", "concat", "join", "tolower(basename")
	if name == "concat" && s.ref.Multi {
		name = "join" // concat takes single values
	}
	for i, v := range s.values {
		switch name {
		case "tolower":
			s.values[i].text = lower(v.text)
		case "toupper":
			s.values[i].text = upper(v.text)
		case "len":
			s.values[i] = item{typ: field.Int, num: int64(len(v.text))}
		default:
			s.values[i].text = v.text[strings.LastIndexByte(v.text, '/')+1:]
		}
	}
	s.ref.Def = &field.Def{Language: s.ref.Language, Type: s.typ} // its name does not matter any more
	s.changed = true
	switch name {
	case "len":
		s.typ = field.Int
	case "concat":
		return `concat(` + s.text + `, "-", user.name)`, s
	case "join":
		return `join("/", (` + s.text + `, proc.name))`, s
	case "tolower(basename":
		return name + "(" + s.text + "))", s
	}
	return name + "(" + s.text + ")", s
}

// literal returns a random value, with a chance of one that no record has.
func (g *Rules) literal(s subject) item {
	if len(s.values) == 0 || g.chance(10) {
		switch s.typ {
		case field.Int:
			return item{typ: field.Int, num: int64(g.rnd.IntN(50))}
		case field.Addr:
			return item{typ: field.String, text: pick(g.rnd, addresses)}
		}
		return text(g.one("sh", "/etc", "x", "OPEN", "open", "web", "bash", "SUCCESS", "f", "a-long-text-that-no-record-has"))
	}
	return pick(g.rnd, s.values)
}

// list returns items in parentheses, at least one.
func (g *Rules) list(item func() string) string {
	var items []string
	for range 1 + g.rnd.IntN(4) {
		items = append(items, item())
	}
	if len(g.lists) > 0 && g.chance(15) {
		items = append(items, pick(g.rnd, g.lists))
	}
	return "(" + strings.Join(items, ", ") + ")"
}

func (g *Rules) brackets(item func() string) string {
	var items []string
	for range 1 + g.rnd.IntN(3) {
		items = append(items, item())
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// quote writes a text as it may stand in a condition.
func (g *Rules) quote(s string) string {
	plain := s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.:-*") == ""
	if plain && !strings.HasPrefix(s, "sf.") && !slices.Contains(g.lists, s) && g.chance(50) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
