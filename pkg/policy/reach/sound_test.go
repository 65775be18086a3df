package reach

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/internal/naive"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// asked are all fields as rules can write them.
func asked() []string {
	var list []string
	for _, d := range field.All() {
		if d.Answer == field.Unanswerable {
			continue
		}
		if d.Arg != field.RequiredKey && d.Arg != field.RequiredIndex {
			list = append(list, d.Name)
		}
		var args []string
		switch d.Arg {
		case field.OptionalIndex, field.RequiredIndex:
			args = []string{"0", "1", "2"}
		case field.OptionalKey, field.RequiredKey:
			args = []string{"app", "A", "0", "1", "HOME", "mode", "/proc", "/etc", "/data"}
		case field.JSONPath:
			args = []string{"#", "0", "app", "0.name", "0.source", "kind"}
		}
		for _, a := range args {
			list = append(list, d.Name+"["+a+"]")
		}
	}
	return list
}

// conditions makes random conditions of all fields, with values that records have.
type conditions struct {
	rnd    *rand.Rand
	fields []string
	values map[string][]string
}

// learn remembers values of a record.
func (c *conditions) learn(t *testing.T, r *field.Record) {
	t.Helper()
	for _, name := range c.fields {
		if len(c.values[name]) > 20 {
			continue
		}
		base, arg, given := strings.Cut(strings.TrimSuffix(name, "]"), "[")
		ref, problem := field.Resolve(&syntax.Field{Name: base, Arg: arg, HasArg: given})
		require.Nil(t, problem, name)
		var v field.Value
		ref.Get(r, ref.Arg, &v)
		if text := v.Text(ref.Def); v.Present && !slices.Contains(c.values[name], text) && !strings.ContainsAny(text, "'\n") {
			c.values[name] = append(c.values[name], text)
		}
	}
}

func pick[T any](rnd *rand.Rand, list []T) T { return list[rnd.IntN(len(list))] }

// shapes are about kinds and operations, which is what impossible conditions are about.
var shapes = []string{field.RecordKind, field.Operations, field.EventType, "fd.type", "fd.sockfamily", "sf.file.type", "evt.category", "evt.type.is.connect", "sf.net.proto"}

func (c *conditions) check() string {
	name := pick(c.rnd, c.fields)
	if c.rnd.IntN(2) == 0 {
		name = pick(c.rnd, shapes)
	}
	value := "x"
	if known := c.values[name]; known != nil {
		value = pick(c.rnd, strings.Split(pick(c.rnd, known), ","))
	}
	quoted := strconv.Quote(value)
	switch c.rnd.IntN(12) {
	case 0:
		return name + " exists"
	case 1:
		return name + " != " + quoted
	case 2:
		return name + " in (" + quoted + ", x)"
	case 3:
		return "len(" + name + ") > " + strconv.Itoa(c.rnd.IntN(3))
	case 4:
		return "len(" + name + ") = " + strconv.Itoa(c.rnd.IntN(4))
	case 5:
		return name + " = val(" + pick(c.rnd, c.fields) + ")"
	case 6:
		return "concat(" + name + ", " + pick(c.rnd, c.fields) + ") contains " + quoted
	case 7:
		return "toupper(" + name + ") exists"
	default:
		return name + " = " + quoted
	}
}

func (c *conditions) condition() string {
	list := make([]string, 1+c.rnd.IntN(3))
	for i := range list {
		list[i] = c.check()
		if c.rnd.IntN(4) == 0 {
			list[i] = "not " + list[i]
		}
	}
	text := strings.Join(list, " and ")
	if c.rnd.IntN(5) == 0 {
		text = c.check() + " or " + text
	}
	return text
}

// TestSound is what the package promises: a record that satisfies a condition is one of those that can.
func TestSound(t *testing.T) {
	compare(t, 1500, func(fn func(*field.Record)) {
		for seed := range uint64(3) {
			w := naive.NewWorld(seed)
			for range 250 {
				fn(w.Next())
			}
		}
	})
}

// TestSoundOfTraces is TestSound with real records.
func TestSoundOfTraces(t *testing.T) {
	traces := sharedtest.Traces(t)
	compare(t, 1500, func(fn func(*field.Record)) {
		for _, path := range traces {
			s := lineage.NewStream()
			seen := map[field.Shape]int{}
			sysflowtest.Each(t, path, func(rec sysflow.Record) bool {
				if r, ok := s.Observe(rec); ok {
					if shape := r.Shape(); seen[shape] < 3 { // most are like others
						seen[shape]++
						fn(r)
					}
				}
				return true
			})
		}
	})
}

// compare judges conditions that are made of values of some records, and asks them about these.
func compare(t *testing.T, conditionsMade int, records func(func(*field.Record))) {
	t.Helper()
	c := &conditions{rnd: rand.New(rand.NewPCG(4, 1)), fields: asked(), values: map[string][]string{}}
	records(func(r *field.Record) { c.learn(t, r) })
	s := &soundness{t: t, matched: map[int]bool{}}
	for _, name := range c.fields {
		s.add(name + " exists")
		for _, v := range c.values[name] {
			s.add(name + " = " + strconv.Quote(v))
		}
	}
	for range conditionsMade {
		s.add(c.condition())
	}
	for _, text := range alsoMatching {
		s.add(text)
	}
	s.judge()
	records(s.compare)
	t.Logf("%d conditions, of which %d can never hold and %d do; %d records", len(s.texts), s.nevers, len(s.matched), s.records)
	require.Greater(t, s.nevers, conditionsMade/100, "too few are impossible to prove anything")
	require.Greater(t, len(s.matched), conditionsMade/4, "too few match to prove anything")
}

// alsoMatching are conditions that hold for records of real traces.
var alsoMatching = []string{
	"fd.sockfamily = unix and sf.opflags = READ",
	"sf.opflags = WRITE and fd.sockfamily = unix",
	"sf.type = FF and fd.sockfamily = unix",
	"sf.type = FF and evt.type = connect",
	"evt.type = sendto and sf.type in (PE, FF)",
	"sf.type = FF and not sf.opflags exists",
	"len(sf.opflags) = 3",
}

// soundness compares what is said about conditions with what they do.
type soundness struct {
	t       *testing.T
	texts   []string
	exprs   []expr.Expr
	never   []bool
	reach   [][]Reach
	matched map[int]bool
	engine  *engine.Engine

	nevers, records int
}

// add takes a condition unless its types do not fit.
func (s *soundness) add(text string) {
	n, problem := syntax.ParseCondition(text, func(int) diag.Position { return diag.Position{} })
	require.Nil(s.t, problem, text)
	if bound, found := expr.Bind(n); !found.HasErrors() {
		s.texts, s.exprs = append(s.texts, text), append(s.exprs, bound.Expr)
	}
}

func (s *soundness) judge() {
	s.engine = engine.New(engine.Compile(engine.Program{Rules: s.exprs}), engine.Options{MaxStates: 1})
	s.never = Never(s.exprs...)
	for i, e := range s.exprs {
		s.reach = append(s.reach, Of(e))
		require.Equal(s.t, s.never[i], len(s.reach[i]) == 0, s.texts[i])
		if s.never[i] {
			s.nevers++
		}
	}
}

// compare asks all conditions about a record.
func (s *soundness) compare(r *field.Record) {
	s.records++
	for _, i := range s.engine.Match(s.engine.Subject(r.Process), r).Rules {
		s.matched[i] = true
		require.True(s.t, allows(s.reach[i], r), "%s holds for %v %v, said to be possible: %v", s.texts[i], r.Kind, r.Ops, s.reach[i])
	}
}

// allows reports whether a record is among those that are said to be possible.
func allows(list []Reach, r *field.Record) bool {
	for _, k := range list {
		switch {
		case k.Kind != r.Kind:
		case r.Ops == 0 && r.Kind.IsFlow():
			return k.None
		case k.Any || r.Ops&(r.Ops-1) != 0:
			return true // how several go together is not told
		default:
			return slices.Contains(k.Ops, opName(r))
		}
	}
	return false
}
