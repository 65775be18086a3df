package sysflowpolicyprocessor

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/hosts"
)

// matches are the records of a batch that satisfy rules or steps of sequences. A batch has its
// records by process, but sequences and rates are about what came after what, and must not
// depend on how a stream was cut into batches. So all matches are told of at the end, in the
// order in which the records were written.
type matches struct {
	list   []match
	places []place
	// traces numbers the traces of the batch, which are not mixed.
	traces    map[field.Node]int32
	numTraces int32
	// last is the last place of each process.
	last      map[*field.Process]int32
	snapshots hosts.Snapshots
}

// match is a record.
type match struct {
	policy.Match
	lr plog.LogRecord
	// The order: trace, the time when it was written, and the index in the batch.
	trace, index int32
	written      int64
	place        int32
}

// place is where the matches of one resource and scope are.
type place struct {
	rl    plog.ResourceLogs
	sl    plog.ScopeLogs
	trace int32
	shard *shard
	node  *field.Node
	// process is what is known of the process now, then what it was when its records were judged.
	process, then *field.Process
	// written is that of the last match.
	written int64
	// resource is the first place of the resource.
	resource int32
	out      output
}

// keptMatches bounds the room that is kept for the next batch.
const keptMatches = 1 << 15

// add notes a match of the place where the worker is.
func (m *matches) add(w *worker, lr plog.LogRecord, r *field.Record, what policy.Match) {
	if w.place == nowhere {
		w.place = m.enter(w)
	}
	p := &m.places[w.place]
	// Records of one process are in order.
	p.written = max(p.written, written(lr, r))
	m.list = append(m.list, match{
		Match: what, lr: lr, trace: p.trace, written: p.written, place: w.place,
		index: int32(len(m.list)),
	})
}

// enter makes the place where the worker is.
func (m *matches) enter(w *worker) int32 {
	index := int32(len(m.places))
	if w.origin == nowhere {
		w.origin = index
	}
	p := place{
		rl: w.rl, sl: w.sl, trace: m.trace(w.node), shard: w.shard, node: w.node, process: w.process,
		then: m.snapshots.Of(w.process), written: longAgo, resource: w.origin,
	}
	if p.process != nil {
		if before, ok := m.last[p.process]; ok && m.places[before].trace == p.trace {
			p.written = m.places[before].written
		}
		if m.last == nil {
			m.last = make(map[*field.Process]int32)
		}
		m.last[p.process] = index
	}
	m.places = append(m.places, p)
	return index
}

// trace returns the number of the trace that a host writes.
func (m *matches) trace(n *field.Node) int32 {
	t, known := m.traces[*n]
	if !known {
		t = m.begin(n)
	}
	return t
}

// begin says that a host begins a trace.
func (m *matches) begin(n *field.Node) int32 {
	if m.traces == nil {
		m.traces = make(map[field.Node]int32)
	}
	m.numTraces++
	m.traces[*n] = m.numTraces
	return m.numTraces
}

// sort puts the matches into the order of writing.
func (m *matches) sort() {
	slices.SortFunc(m.list, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.trace, b.trace), cmp.Compare(a.written, b.written), cmp.Compare(a.index, b.index))
	})
}

// written is when a record was written. The observed timestamp tells the order exactly, see
// package plogs; otherwise it is the time of an event or of the end of a flow.
func written(lr plog.LogRecord, r *field.Record) int64 {
	switch {
	case lr.ObservedTimestamp() != 0:
		return int64(lr.ObservedTimestamp())
	case r.EndTS != 0:
		return r.EndTS
	}
	return r.TS
}

// reset lets go of the batch.
func (m *matches) reset() {
	m.list, m.places = emptied(m.list), emptied(m.places)
	clear(m.traces)
	clear(m.last)
	m.numTraces = 0
	m.snapshots.Reset()
}

// emptied returns a list without elements, and without what they referred to.
func emptied[T any](list []T) []T {
	if cap(list) > keptMatches {
		return nil
	}
	clear(list)
	return list[:0]
}
