package policy

import (
	"slices"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
)

// Ruleset is a loaded and checked set of rule files. It never changes, and any number of
// evaluators may share it.
type Ruleset struct {
	// Rules are all rules and then all sequences, each in the order of loading, also those
	// that are disabled.
	Rules []*Rule
	// Set is what the files say.
	Set *rules.Set

	program engine.Program
	// whole and drops are the program made ready, when first asked for.
	whole, drops func() *engine.Compiled
	sequences    []sequence.Spec
	// What the program reports by index: its rules, the sequences, and the steps of these.
	active      []*Rule
	activeSeqs  []*Rule
	activeSteps []stepRef
}

// stepRef is a step of an active sequence.
type stepRef struct{ sequence, step int }

// Rule is a rule or a sequence.
type Rule struct {
	rules.Head
	// Techniques are the ids of MITRE ATT&CK among the tags, like T1059.004.
	Techniques []string
	// Disabled says why the rule is not evaluated, empty if it is.
	Disabled string
	// Rule or Sequence is what the file says; the other one is nil.
	Rule     *rules.Rule
	Sequence *rules.Sequence
	// Conditions are bound: that of a rule, or those of the steps of a sequence.
	Conditions []*expr.Bound

	output *expr.Output
}

// ReadFiles reads rule files: paths of files, globs, and folders with all that is below.
func ReadFiles(paths []string) ([]rules.File, error) { return rules.ReadFiles(paths) }

// Load reads and checks rule files that belong together. The findings are sorted; if there is
// an error among them nothing is loaded and the ruleset is nil.
func Load(files []rules.File) (*Ruleset, diag.List) {
	set, found := rules.Load(files)
	l := loader{found: found, set: &Ruleset{Set: set}, binder: expr.NewBinder()}
	for _, d := range set.Drops {
		l.addDrop(d)
	}
	for _, r := range set.Rules {
		l.addRule(r)
	}
	for _, s := range set.Sequences {
		l.addSequence(s)
	}
	found = unique(l.found)
	rules.SortFindings(found, files)
	if found.HasErrors() {
		return nil, found
	}
	program := l.set.program
	l.set.whole = sync.OnceValue(func() *engine.Compiled { return engine.Compile(program) })
	l.set.drops = sync.OnceValue(func() *engine.Compiled { return engine.Compile(engine.Program{Drops: program.Drops}) })
	return l.set, found
}

// unique leaves out repeated findings, as several rules may use the same macro, and what is odd
// about a text that is no list where there should be one.
func unique(list diag.List) diag.List {
	type place struct {
		pos     diag.Position
		message string
	}
	seen := make(map[place]bool, len(list))
	told := make(map[diag.Position]bool)
	return slices.DeleteFunc(list, func(d *diag.Diagnostic) bool {
		p := place{d.Pos, d.Message}
		again := seen[p] || d.Code == diag.WarnSuspiciousLiteral && told[d.Pos]
		seen[p] = true
		told[d.Pos] = true
		return again
	})
}
