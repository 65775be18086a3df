package policy_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/internal/naive"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// loadText loads a rule file given as text.
func loadText(text string) (*policy.Ruleset, diag.List) {
	return policy.Load([]rules.File{{Name: "rules.yaml", Text: []byte(text)}})
}

// oneRule is a rule file with one condition.
func oneRule(condition string) string {
	return fmt.Sprintf("- rule: one\n  desc: d\n  priority: low\n  output: x\n  condition: '%s'\n", strings.ReplaceAll(condition, "'", "''"))
}

// maker makes random rule files of which everything loads.
type maker struct {
	t *testing.T
	g *naive.Rules
	// refused of those made do not load: a maker of mostly bad rules would test little.
	made, refused int
}

func (m *maker) file(items int) (string, *policy.Ruleset) {
	m.t.Helper()
	text := m.loads("", func() string { return m.g.File(0) }, oneRule("sf.type exists"))
	for i := range items {
		item := m.g.Rule
		if i%5 == 4 {
			item = m.g.Sequence
		}
		text = m.loads(text, func() string { return item(i) }, "")
	}
	set, found := loadText(text)
	require.NoError(m.t, found.Err(), text)
	return text, set
}

// loads appends a part to a text that loads with it, and with what is behind.
func (m *maker) loads(text string, part func() string, behind string) string {
	m.t.Helper()
	for range 100 {
		more := part()
		m.made++
		_, found := loadText(text + more + behind)
		if !found.HasErrors() {
			return text + more + behind
		}
		m.refused++
		m.t.Log("refused:", found.Err())
	}
	m.t.Fatal("nothing loads")
	return ""
}

// model says what records must lead to, with the naive evaluator.
type model struct {
	t       *testing.T
	set     *rules.Set
	first   bool
	machine *sequence.Machine
}

func newModel(t *testing.T, set *rules.Set, first bool) *model {
	t.Helper()
	var specs []sequence.Spec
	for _, s := range set.Sequences {
		spec := sequence.Spec{By: s.By.Kind, Within: s.Within, Steps: len(s.Steps)}
		if s.By.Kind == rules.JoinField {
			ref, problem := field.Resolve(s.By.Field)
			require.Nil(t, problem)
			spec.Field = &ref
		}
		specs = append(specs, spec)
	}
	return &model{t: t, set: set, first: first, machine: sequence.NewMachine(specs, sequence.Options{})}
}

func (m *model) holds(kinds []sysflow.Kind, n syntax.Node, r *field.Record) bool {
	m.t.Helper()
	if kinds != nil && !slices.Contains(kinds, r.Kind) {
		return false
	}
	ok, err := naive.Eval(n, r)
	require.NoError(m.t, err, syntax.Format(n))
	return ok
}

// evaluate returns whether a record is dropped, and the names of the alerts.
func (m *model) evaluate(r *field.Record) (dropped bool, names []string) {
	m.t.Helper()
	for _, d := range m.set.Drops {
		if d.Enabled && m.holds(d.Prefilter, d.Condition, r) {
			return true, nil
		}
	}
	for _, rule := range m.set.Rules {
		if rule.Enabled && m.holds(rule.Prefilter, rule.Condition, r) {
			names = append(names, rule.Name)
			if m.first {
				break
			}
		}
	}
	m.machine.NextRecord()
	for i, s := range m.set.Sequences {
		for j, step := range s.Steps {
			if !m.holds(nil, step.Condition, r) {
				continue
			}
			if hits := m.machine.Step(i, j, r, r.Process, func() string { return "" }); hits != nil {
				names = append(names, alertName(s.Name, hits))
			}
		}
	}
	return false, names
}

// alertName is the name of a rule, and of a sequence also when its steps happened.
func alertName(name string, hits []sequence.Hit) string {
	words := []string{name}
	for _, h := range hits {
		words = append(words, strconv.FormatInt(h.TS, 10))
	}
	return strings.Join(words, " ")
}

// subjects asks the evaluator for a process once per batch and change, as the processor does.
type subjects struct {
	e     *policy.Evaluator
	known map[*field.Process]subject
}

type subject struct {
	s       engine.Subject
	version uint64
}

func (s *subjects) of(p *field.Process) engine.Subject {
	if p == nil {
		return s.e.Subject(nil)
	}
	version := p.LineageVersion()
	if k, ok := s.known[p]; ok && k.version == version {
		return k.s
	}
	k := subject{s.e.Subject(p), version}
	s.known[p] = k
	return k.s
}

// seedVariable names the variable of the environment that chooses the seeds of the test below: a
// number, which is the first of them, or "random".
const seedVariable = "SYSFLOW_TEST_SEED"

// firstSeed is the first seed of random rules and records, the same in every run unless somebody
// wants others.
func firstSeed(t *testing.T) uint64 {
	t.Helper()
	switch text := os.Getenv(seedVariable); text {
	case "":
		return 0
	case "random":
		return uint64(time.Now().UnixNano())
	default:
		seed, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, seedVariable)
		return seed
	}
}

// tally is what comparisons have seen.
type tally struct {
	records, matches, drops int
	resets, direct          int64
}

// compare evaluates records both ways.
func (c *tally) compare(t *testing.T, what, text string, set *policy.Ruleset, opts policy.Options, w *naive.World, records int) {
	t.Helper()
	const batch = 40
	e, want := set.NewEvaluator(opts), newModel(t, set.Set, opts.FirstMatch)
	s := &subjects{e: e}
	for i := range records {
		if i%batch == 0 {
			s.known = map[*field.Process]subject{}
		}
		r := w.Next()
		var got []string
		dropped := e.Evaluate(s.of(r.Process), r, func(a *policy.Alert) { got = append(got, alertName(a.Rule.Name, a.Steps)) })
		wantDropped, wanted := want.evaluate(r)
		if dropped != wantDropped || !slices.Equal(got, wanted) {
			t.Fatalf("%s, record %d, options %+v: dropped %v, alerts %v; want %v, %v\n%s%s",
				what, i, opts, dropped, got, wantDropped, wanted, culprits(set.Set, r), text)
		}
		c.matches += len(wanted)
		if dropped {
			c.drops++
		}
	}
	c.records += records
	c.resets += e.Stats().Engine.Resets
	c.direct += e.Stats().Engine.Direct
}

// sizes are bounds of the diagram, 0 the default.
var sizes = []int{0, 0, 1, 2, 7, 50}

func TestEqualsNaiveEvaluator(t *testing.T) {
	sets := uint64(150)
	if testing.Short() {
		sets = 40
	}
	m := &maker{t: t}
	var all tally
	first := firstSeed(t)
	for i := range sets {
		seed := first + i
		m.g = naive.NewRules(seed)
		text, set := m.file(1 + int(i%14))
		opts := policy.Options{FirstMatch: i%3 == 0, MaxStates: sizes[i%6]}
		what := fmt.Sprintf("seed %d, to be repeated with %s=%d", seed, seedVariable, first)
		all.compare(t, what, text, set, opts, naive.NewWorld(seed), 250)
	}
	t.Logf("%d of %d items refused; %+v", m.refused, m.made, all)
	require.Less(t, m.refused, m.made/10, "too much is refused")
	require.Greater(t, all.matches, all.records/4, "too few matches to prove anything")
	require.Positive(t, all.drops)
	require.Positive(t, all.resets, "the engine was never short of room")
	require.Positive(t, all.direct, "the engine was never short of room")
}

// FuzzEqualsNaiveEvaluator compares the evaluators on rules and records that the fuzzer makes: each
// two bytes are a decision, see package naive.
func FuzzEqualsNaiveEvaluator(f *testing.F) {
	f.Add([]byte{}, []byte{}, byte(0))
	f.Add([]byte("rules are made of this, and so on"), []byte("and records of this"), byte(4))
	f.Add(make([]byte, 200), bytes.Repeat([]byte{0xff}, 200), byte(9))
	f.Fuzz(func(t *testing.T, ofRules, ofRecords []byte, how byte) {
		m := &maker{t: t, g: naive.NewRulesOf(ofRules)}
		text, set := m.file(1 + int(how/6)%5)
		opts := policy.Options{FirstMatch: how >= 128, MaxStates: sizes[how%6]}
		new(tally).compare(t, "fuzzed", text, set, opts, naive.NewWorldOf(ofRecords), 40)
	})
}

// culprits are the checks on which both disagree where each of them stands alone.
func culprits(set *rules.Set, r *field.Record) string {
	checks := map[string]*syntax.Check{}
	for _, d := range set.Drops {
		collect(checks, d.Condition)
	}
	for _, rule := range set.Rules {
		collect(checks, rule.Condition)
	}
	for _, s := range set.Sequences {
		for _, step := range s.Steps {
			collect(checks, step.Condition)
		}
	}
	var b strings.Builder
	for text, c := range checks {
		one, found := loadText(oneRule(text))
		if one == nil {
			fmt.Fprintf(&b, "does not load alone: %s: %v\n", text, found.Err())
			continue
		}
		want, err := naive.Eval(c, r)
		e := one.NewEvaluator(policy.Options{})
		got := false
		e.Evaluate(e.Subject(r.Process), r, func(*policy.Alert) { got = true })
		if got != want || err != nil {
			fmt.Fprintf(&b, "culprit: %s: %v, want %v (%v), value %s\n", text, got, want, err, valueOf(c, r))
		}
	}
	return b.String()
}

// collect adds the checks of a condition by their text.
func collect(checks map[string]*syntax.Check, n syntax.Node) {
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			collect(checks, o)
		}
	case *syntax.Or:
		for _, o := range n.Operands {
			collect(checks, o)
		}
	case *syntax.Not:
		collect(checks, n.Operand)
	case *syntax.Check:
		checks[syntax.Format(n)] = n
	}
}

// valueOf shows what a record has for the field of a check.
func valueOf(c *syntax.Check, r *field.Record) string {
	f, ok := c.Left.(*syntax.Field)
	if !ok {
		return "of a transformer"
	}
	ref, problem := field.Resolve(f)
	if problem != nil || ref.Get == nil {
		return "none"
	}
	var v field.Value
	ref.Get(r, ref.Arg, &v)
	return fmt.Sprintf("%+v of %+v", v, *r)
}
