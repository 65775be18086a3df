package sysflowpolicyprocessor

import (
	"math"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/engine"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/hosts"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/reading"
)

// worker judges a batch. It is used for one batch after the other, with its memory.
type worker struct {
	p     *policyProcessor
	rules *generation
	tally tally

	resource reading.Resource
	records  reading.Records
	// The functions are made once, as making one costs an allocation.
	emit   func(*policy.Alert)
	remove func(plog.LogRecord) bool

	// Where the worker is.
	rl    plog.ResourceLogs
	sl    plog.ScopeLogs
	lr    plog.LogRecord
	shard *shard // locked, or nil
	host  *hosts.Host
	// place is that of matches, origin the first one of the resource; nowhere unless there is one.
	place, origin int32
	// resolved tells whether what follows is that of rl.
	resolved  bool
	node      *field.Node
	process   *field.Process
	evaluator *policy.Evaluator
	subject   engine.Subject

	matches matches
	text    []byte    // of an alert
	alerts  plog.Logs // mode alert
	marks   marks     // mode enrich
}

const (
	// nowhere is no place.
	nowhere int32 = -1
	longAgo int64 = math.MinInt64
)

func newWorker(p *policyProcessor) *worker {
	w := &worker{p: p}
	w.remove = w.record
	switch p.cfg.Mode {
	case ModeAlert:
		w.emit = w.raise
	case ModeEnrich:
		w.emit = w.mark
	default:
		w.emit = func(*policy.Alert) {}
	}
	return w
}

// judge evaluates all records of a batch and returns what passes.
func (w *worker) judge(ld plog.Logs) plog.Logs {
	w.p.gate.RLock()
	defer w.p.gate.RUnlock()
	w.rules = w.p.rules
	w.tally.grow(len(w.rules.set.Rules))
	defer w.unlock()
	if w.p.cfg.Mode != ModeAlert {
		w.sift(ld)
		w.tell()
		return ld
	}
	w.collect(ld)
	w.alerts = plog.NewLogs()
	w.tell()
	return w.alerts
}

// collect finds what matches, and leaves the batch alone.
func (w *worker) collect(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		w.enter(rl)
		for _, sl := range rl.ScopeLogs().All() {
			w.sl, w.place = sl, nowhere
			for _, lr := range sl.LogRecords().All() {
				w.record(lr)
			}
		}
	}
}

// sift finds what matches, and removes from the batch what does not pass.
func (w *worker) sift(ld plog.Logs) {
	ld.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		w.enter(rl)
		emptied := false
		rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool {
			before := sl.LogRecords().Len()
			sl.LogRecords().RemoveIf(w.remove)
			empty := before > 0 && sl.LogRecords().Len() == 0
			emptied = emptied || empty
			return empty
		})
		return emptied && rl.ScopeLogs().Len() == 0
	})
}

// enter turns to a resource. It is read when a record turns out to be SysFlow.
func (w *worker) enter(rl plog.ResourceLogs) {
	w.rl, w.resolved = rl, false
	w.place, w.origin = nowhere, nowhere
}

// resolve finds the process of the resource.
func (w *worker) resolve() {
	w.resource.Read(w.rl.Resource().Attributes())
	name := w.resource.Node.Name
	w.lock(w.p.shards.of(name))
	w.host = w.shard.hosts.Get(name)
	w.node = w.host.Node(&w.resource)
	w.process = w.host.Process(&w.resource)
	w.subject = w.evaluator.Subject(w.process)
	w.resolved = true
}

// lock takes hold of a shard instead of the one before.
func (w *worker) lock(s *shard) {
	if s == w.shard {
		return
	}
	w.unlock()
	s.mu.Lock()
	w.shard = s
	w.evaluator = w.rules.evaluators[s.index]
}

func (w *worker) unlock() {
	if w.shard != nil {
		w.shard.mu.Unlock()
		w.shard = nil
	}
}

// record judges a log record and reports whether it is to be removed.
func (w *worker) record(lr plog.LogRecord) bool {
	kind, ok := w.records.Read(lr)
	if !ok {
		w.tally.outcomes[foreign]++
		return false
	}
	if !w.resolved {
		w.resolve()
	}
	if kind.IsEntity() {
		w.tally.outcomes[entity]++
		switch kind {
		case sysflow.KindPod:
			w.host.DescribePod(w.rl, lr)
		case sysflow.KindHeader:
			w.matches.begin(w.node)
			w.place = nowhere
		}
		return false
	}
	if kind == sysflow.KindGap {
		w.tally.outcomes[notMatched]++ // no rule is asked about what is missing
		return false
	}
	r := &w.records.Record
	r.Process, r.Node = w.process, w.node
	m := w.evaluator.Match(w.subject, r)
	switch {
	case m.Dropped():
		w.tally.outcomes[dropped]++
		return true
	case m.Any():
		w.matches.add(w, lr, r, m)
	default:
		w.tally.outcomes[notMatched]++
	}
	return false
}

// tell raises the alerts of what was found, or marks it, in the order of writing.
func (w *worker) tell() {
	w.matches.sort()
	ignored := w.records.Ignored // counted when the records were judged
	for i := range w.matches.list {
		m := &w.matches.list[i]
		p := &w.matches.places[m.place]
		w.lock(p.shard)
		w.lr, w.place = m.lr, m.place
		w.records.Read(m.lr)
		r := &w.records.Record
		r.Process, r.Node = p.then, p.node
		w.tally.matched = false
		w.evaluator.Tell(m.Match, r, p.process, w.emit)
		if !w.tally.matched {
			w.tally.outcomes[notMatched]++
			continue
		}
		w.tally.outcomes[matched]++
		if w.p.cfg.Mode == ModeEnrich {
			w.annotate()
		}
	}
	w.records.Ignored = ignored
}

// reset lets go of the batch.
func (w *worker) reset() {
	w.rl, w.sl, w.lr = plog.ResourceLogs{}, plog.ScopeLogs{}, plog.LogRecord{}
	w.rules, w.host, w.node, w.process, w.evaluator = nil, nil, nil, nil, nil
	w.subject = engine.Subject{}
	w.alerts = plog.Logs{}
	w.matches.reset()
	w.records.Ignored, w.resource.Ignored = 0, 0
	w.tally.reset()
}
