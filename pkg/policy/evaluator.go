package policy

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
)

// Options configure an evaluator; zero values stand for defaults.
type Options struct {
	// FirstMatch reports only the first rule that matches a record, in order of loading, as
	// Falco does by default. Sequences are reported in any case.
	FirstMatch bool
	// DropsOnly evaluates no rules and sequences, only what drops records.
	DropsOnly bool
	// MaxSequenceHits bounds the memory of incomplete sequences, see sequence.Options.
	MaxSequenceHits int
	// MaxStates bounds the engine, see engine.Options.
	MaxStates int
}

// Evaluator applies a ruleset to records of one host or of many. It must not be used by two
// goroutines at once.
type Evaluator struct {
	set     *Ruleset
	engine  *engine.Engine
	machine *sequence.Machine
	step    stepText
	alert   Alert
}

// Alert says that a rule matched. It is valid during the call that hands it over.
type Alert struct {
	Rule   *Rule
	Record *field.Record
	// Steps are those of a sequence, nil for rules.
	Steps []sequence.Hit
}

// Stats say what an evaluator did and holds.
type Stats struct {
	Engine engine.Stats
	// SequencePending hits wait for others, SequenceEvicted were given up for lack of room, and
	// SequenceRepeated because there were many of the same step and key.
	SequencePending, SequenceEvicted, SequenceRepeated int64
}

// NewEvaluator returns an evaluator that has seen nothing yet.
func (s *Ruleset) NewEvaluator(opts Options) *Evaluator {
	program := s.whole
	if opts.DropsOnly {
		program = s.drops
	}
	return &Evaluator{
		set:     s,
		engine:  engine.New(program(), engine.Options{First: opts.FirstMatch, MaxStates: opts.MaxStates}),
		machine: sequence.NewMachine(s.sequences, sequence.Options{MaxHits: opts.MaxSequenceHits}),
		step:    newStepText(),
	}
}

// Subject looks at a process, nil for an unknown one. Ask again after the process or an
// ancestor changed, at least once per batch.
func (e *Evaluator) Subject(p *field.Process) engine.Subject { return e.engine.Subject(p) }

// Evaluate calls emit for every rule that the record matches, in order of loading, and for
// every sequence that it completes. It returns true, and emits nothing, if the record is to
// be dropped.
func (e *Evaluator) Evaluate(s engine.Subject, r *field.Record, emit func(*Alert)) (dropped bool) {
	m := e.Match(s, r)
	if m.Any() {
		e.Tell(m, r, r.Process, emit)
	}
	return m.Dropped()
}

// Match says what a record satisfies. It stays valid.
type Match struct{ result *engine.Result }

// Dropped reports whether the record is to be dropped.
func (m Match) Dropped() bool { return m.result.Dropped }

// Any reports whether the record matches a rule, or may be a step of a sequence.
func (m Match) Any() bool { return len(m.result.Rules)+len(m.result.Steps) > 0 }

// Match is the half of Evaluate for which the order of records does not matter. The other one is
// Tell.
func (e *Evaluator) Match(s engine.Subject, r *field.Record) Match {
	return Match{e.engine.Match(s, r)}
}

// Tell is the half of Evaluate that follows events: sequences, and whatever emit does. Records
// are to be told of in the order in which they were written. The process of the record may
// be a copy of what it was when Match looked at it, with its ancestors; p is the process itself,
// of which more ancestors may become known.
func (e *Evaluator) Tell(m Match, r *field.Record, p *field.Process, emit func(*Alert)) {
	for _, i := range m.result.Rules {
		e.alert = Alert{Rule: e.set.active[i], Record: r}
		emit(&e.alert)
	}
	if len(m.result.Steps) > 0 {
		e.machine.NextRecord()
	}
	for _, i := range m.result.Steps {
		ref := e.set.activeSteps[i]
		hits := e.machine.Step(ref.sequence, ref.step, r, p, func() string { return e.step.of(r) })
		if hits != nil {
			e.alert = Alert{Rule: e.set.activeSeqs[ref.sequence], Record: r, Steps: hits}
			emit(&e.alert)
		}
	}
}

// Stats returns what the evaluator did so far.
func (e *Evaluator) Stats() Stats {
	return Stats{
		Engine: e.engine.Stats(), SequencePending: int64(e.machine.Pending()), SequenceEvicted: e.machine.Evicted(),
		SequenceRepeated: e.machine.Repeated(),
	}
}

// AppendOutput appends the output of the rule for the record, or where the rule has none its
// name and description.
func (a *Alert) AppendOutput(buf []byte) []byte {
	if a.Rule.output != nil {
		return a.Rule.output.Append(buf, a.Record)
	}
	buf = append(buf, a.Rule.Name...)
	if a.Rule.Desc != "" {
		buf = append(append(buf, ": "...), a.Rule.Desc...)
	}
	return buf
}
