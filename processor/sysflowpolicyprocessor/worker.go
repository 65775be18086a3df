package sysflowpolicyprocessor

import (
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
	// resolved tells whether what follows is that of rl.
	resolved  bool
	node      *field.Node
	process   *field.Process
	evaluator *policy.Evaluator
	subject   engine.Subject

	text   []byte // of an alert
	alerts alerts // mode alert
	marks  marks  // mode enrich
}

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
	if w.p.cfg.Mode == ModeAlert {
		return w.collect(ld)
	}
	w.sift(ld)
	return ld
}

// collect leaves a batch alone and returns the alerts.
func (w *worker) collect(ld plog.Logs) plog.Logs {
	w.alerts = alerts{logs: plog.NewLogs()}
	for _, rl := range ld.ResourceLogs().All() {
		w.enter(rl)
		for _, sl := range rl.ScopeLogs().All() {
			w.sl = sl
			w.alerts.inScope = false
			for _, lr := range sl.LogRecords().All() {
				w.record(lr)
			}
		}
	}
	return w.alerts.logs
}

// sift removes from a batch what does not pass, and marks the rest.
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
	w.alerts.inResource = false
}

// resolve finds the process of the resource.
func (w *worker) resolve() {
	w.resource.Read(w.rl.Resource().Attributes())
	name := w.resource.Node.Name
	if s := w.p.shards.of(name); s != w.shard {
		w.unlock()
		s.mu.Lock()
		w.shard = s
		w.evaluator = w.rules.evaluators[s.index]
	}
	w.host = w.shard.hosts.Get(name)
	w.node = w.host.Node(&w.resource)
	w.process = w.host.Process(&w.resource)
	w.subject = w.evaluator.Subject(w.process)
	w.resolved = true
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
		if kind == sysflow.KindPod {
			w.host.DescribePod(w.rl, lr)
		}
		return false
	}
	if kind == sysflow.KindGap {
		w.tally.outcomes[notMatched]++ // no rule is asked about what is missing
		return false
	}
	w.lr = lr
	w.tally.matched = false
	r := &w.records.Record
	r.Process, r.Node = w.process, w.node
	if w.evaluator.Evaluate(w.subject, r, w.emit) {
		w.tally.outcomes[dropped]++
		return true
	}
	if !w.tally.matched {
		w.tally.outcomes[notMatched]++
		return false
	}
	w.tally.outcomes[matched]++
	if w.p.cfg.Mode == ModeEnrich {
		w.annotate()
	}
	return false
}

// reset lets go of the batch.
func (w *worker) reset() {
	w.rl, w.sl, w.lr = plog.ResourceLogs{}, plog.ScopeLogs{}, plog.LogRecord{}
	w.rules, w.host, w.node, w.process, w.evaluator = nil, nil, nil, nil, nil
	w.subject = engine.Subject{}
	w.alerts = alerts{}
	w.records.Ignored, w.resource.Ignored = 0, 0
	w.tally.reset()
}
