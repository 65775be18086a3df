package policytest

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Result is what came of a case.
type Result struct {
	// Records is how many events and flows were evaluated.
	Records int
	// Alerts counts the alerts by rule.
	Alerts map[string]int
	// Failures are empty if the case passed.
	Failures []Failure
}

// Failure is an expectation that was not met, or an alert that nobody expected.
type Failure struct {
	// Message says what was expected and what came.
	Message string
	// Details say why, a line each; lines that begin with blanks belong to the one before.
	Details []string
}

// maxDetails is how many alerts of a rule are shown.
const maxDetails = 3

// Run evaluates the rules on the records of a case. The error is about reading its trace.
func Run(set *policy.Ruleset, c *Case) (*Result, error) {
	res := &Result{Alerts: make(map[string]int)}
	details := make(map[string][]string)
	evaluator := set.NewEvaluator(policy.Options{})
	err := c.each(func(n int, r *field.Record) {
		res.Records++
		evaluator.Evaluate(evaluator.Subject(r.Process), r, func(a *policy.Alert) {
			name := a.Rule.Name
			res.Alerts[name]++
			if len(details[name]) < maxDetails {
				details[name] = append(details[name], fmt.Sprintf("%s: %s", c.describe(n, r), a.AppendOutput(nil)))
			}
		})
	})
	if err != nil {
		return nil, err
	}
	expected := make(map[string]bool)
	for _, e := range c.Alerts {
		expected[e.Rule] = true
		if f := c.judge(set, &e, res.Alerts[e.Rule], details[e.Rule]); f != nil {
			res.Failures = append(res.Failures, *f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(res.Alerts)) {
		if !expected[name] {
			res.Failures = append(res.Failures, Failure{
				Message: fmt.Sprintf("%q matched %s, expected none", name, times(res.Alerts[name])), Details: details[name],
			})
		}
	}
	return res, nil
}

// judge compares how often a rule matched with what was expected.
func (c *Case) judge(set *policy.Ruleset, e *Expectation, got int, details []string) *Failure {
	if got > 0 && (e.Count == 0 || e.Count == got) {
		return nil
	}
	want := "at least once"
	if e.Count > 0 {
		want = times(e.Count)
	}
	if got > 0 {
		return &Failure{Message: fmt.Sprintf("%q matched %s, expected %s", e.Rule, times(got), want), Details: details}
	}
	return &Failure{Message: fmt.Sprintf("%q did not match, expected %s", e.Rule, want), Details: c.whyNot(set, e.Rule)}
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	default:
		return fmt.Sprintf("%d times", n)
	}
}

// UnknownRules returns an error for each rule that a case names and that the set does not have.
func (f *File) UnknownRules(set *policy.Ruleset) diag.List {
	known := make(map[string]bool)
	for _, r := range set.Rules {
		known[r.Name] = true
	}
	var out diag.List
	for _, c := range f.Cases {
		for _, e := range slices.Concat(c.About, c.Alerts) {
			if !known[e.Rule] {
				out = append(out, &diag.Diagnostic{
					Code: diag.ErrValidate, Pos: e.Pos, Length: len(e.Rule), Item: fmt.Sprintf("case %q", c.Name),
					Message: fmt.Sprintf("no rule is named %q", e.Rule), Hint: didYouMean(e.Rule, known),
				})
			}
		}
	}
	return out
}

// each calls f for every event and flow of the case, counted from 0.
func (c *Case) each(f func(n int, r *field.Record)) error {
	stream := lineage.NewStream()
	n := 0
	observe := func(rec sysflow.Record) {
		if r, ok := stream.Observe(rec); ok {
			f(n, r)
			n++
		}
	}
	if c.Trace == "" {
		for _, rec := range c.Records {
			observe(rec)
		}
		return nil
	}
	file, err := os.Open(c.Trace)
	if err != nil {
		return err // says operation and path
	}
	defer file.Close()
	trace, err := avro.NewReader(file, avro.ReaderOptions{Name: c.Trace})
	if err != nil {
		return err // says file and offset
	}
	for rec, err := range trace.All() {
		if err != nil {
			return err // says file and offset
		}
		observe(rec)
	}
	return nil
}
