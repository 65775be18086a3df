package plogs

import (
	"cmp"
	"math"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// decoderGeneration bounds how many files and pods a Decoder remembers: it is what the receiver takes
// for granted, see flow.Config.
const decoderGeneration = 1 << 15

// Decoder turns OpenTelemetry logs into observations. It remembers what only the first
// record about a file or pod says. It must not be used by two goroutines at once.
type Decoder struct {
	files   *recent.Map[fileKey, *sysflow.File]
	pods    *recent.Map[string, *sysflow.Pod]
	header  sysflow.Header
	skipped int64
	ignored int64

	// Scratch space of a call.
	items  []item
	fields fields
	events events
	ruled  Alert
	obs    Observation
}

// fileKey identifies a file by what every record says. The id is set only where it is
// not the hash of the other two.
type fileKey struct {
	container, path string
	oid             sysflow.FOID
}

// item is a log record with its place in the order of writing.
type item struct {
	trace  int
	time   int64
	index  int
	kind   sysflow.Kind
	res    *resource
	record plog.LogRecord
}

// NewDecoder returns a decoder that remembers nothing yet.
func NewDecoder() *Decoder {
	return &Decoder{
		files: recent.New[fileKey, *sysflow.File](decoderGeneration),
		pods:  recent.New[string, *sysflow.Pod](decoderGeneration),
	}
}

// Skipped returns how many log records were left out so far because they are not SysFlow.
func (d *Decoder) Skipped() int64 { return d.skipped }

// Ignored returns how many attributes were ignored so far because a SysFlow attribute
// had the wrong type or an impossible value.
func (d *Decoder) Ignored() int64 { return d.ignored }

// Decode yields the SysFlow records of ld in the order in which they were written: by
// their observed timestamp, or where there is none by the time of events and the end
// time of flows. Records of one process never change their order, traces (headers) are
// not mixed. Decode only reads ld. It stops at the first error of yield and returns it.
//
// The observation, its event and its alert are valid until yield returns; the entities may be kept.
func (d *Decoder) Decode(ld plog.Logs, yield func(*Observation) error) error {
	d.collect(ld)
	defer func() { clear(d.items); d.items = d.items[:0] }()
	for i := range d.items {
		d.observe(&d.items[i])
		if err := yield(&d.obs); err != nil {
			return err
		}
	}
	return nil
}

// collect finds the SysFlow records and sorts them.
func (d *Decoder) collect(ld plog.Logs) {
	o := newOrdering()
	for _, rl := range ld.ResourceLogs().All() {
		var res *resource
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				kind, ok := kindOf(lr)
				if !ok {
					d.skipped++
					continue
				}
				if res == nil {
					res = d.resource(rl.Resource().Attributes())
				}
				it := item{index: len(d.items), kind: kind, res: res, record: lr}
				o.place(&it)
				d.items = append(d.items, it)
			}
		}
	}
	slices.SortFunc(d.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.trace, b.trace), cmp.Compare(a.time, b.time), cmp.Compare(a.index, b.index))
	})
}

// kindOf returns the kind of a log record, false if it is not SysFlow.
func kindOf(lr plog.LogRecord) (sysflow.Kind, bool) {
	v, ok := lr.Attributes().Get(KeyType)
	if !ok || v.Type() != pcommon.ValueTypeStr {
		return 0, false
	}
	return sysflow.ParseKind(v.Str())
}

// ordering puts records into the order of writing.
type ordering struct {
	traces  int
	current map[sysflow.Header]int
	streams map[stream]int64
}

// stream identifies records that must keep their order: those of one process in one trace.
type stream struct {
	trace int
	oid   sysflow.OID
}

func newOrdering() *ordering {
	return &ordering{current: make(map[sysflow.Header]int), streams: make(map[stream]int64)}
}

func (o *ordering) place(it *item) {
	var h sysflow.Header
	if it.res.header != nil {
		h = *it.res.header
	}
	trace, known := o.current[h]
	if !known || it.kind == sysflow.KindHeader {
		trace = o.traces
		o.traces++
		o.current[h] = trace
	}
	it.trace, it.time = trace, writeTime(it.record, it.kind)
	if !it.res.hasOID {
		return
	}
	s := stream{trace: trace, oid: it.res.oid}
	if last, ok := o.streams[s]; ok {
		it.time = max(it.time, last)
	}
	o.streams[s] = it.time
}

// writeTime is the time when a record was written. Entities without one come before
// everything that may need them.
func writeTime(lr plog.LogRecord, kind sysflow.Kind) int64 {
	if t := lr.ObservedTimestamp(); t != 0 {
		return int64(t)
	}
	if kind.IsEntity() {
		return math.MinInt64
	}
	if v, ok := lr.Attributes().Get(KeyEndTS); ok && v.Type() == pcommon.ValueTypeInt {
		return v.Int()
	}
	return int64(lr.Timestamp())
}
