package filereceiver

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// chunkSize is how many records go from the decoder to the encoder at once: enough
// that handing them over costs nothing, few enough to stay in the CPU's cache.
const chunkSize = 512

// chunk is a run of records on its way from the decoder to the encoder. The reader
// reuses its events and flows, so the chunk holds copies; entities are kept as they are.
type chunk struct {
	records []sysflow.Record
	// bytes is how much of the file was read for these records.
	bytes int64

	processEvents slots[sysflow.ProcessEvent]
	networkFlows  slots[sysflow.NetworkFlow]
	fileFlows     slots[sysflow.FileFlow]
	fileEvents    slots[sysflow.FileEvent]
	networkEvents slots[sysflow.NetworkEvent]
	processFlows  slots[sysflow.ProcessFlow]
	k8sEvents     slots[sysflow.K8sEvent]
	gaps          slots[sysflow.Gap]
}

func newChunk() *chunk { return &chunk{records: make([]sysflow.Record, 0, chunkSize)} }

func (c *chunk) full() bool { return len(c.records) == chunkSize }

func (c *chunk) reset() {
	clear(c.records) // lets go of the entities
	c.records, c.bytes = c.records[:0], 0
	c.processEvents = c.processEvents[:0]
	c.networkFlows = c.networkFlows[:0]
	c.fileFlows = c.fileFlows[:0]
	c.fileEvents = c.fileEvents[:0]
	c.networkEvents = c.networkEvents[:0]
	c.processFlows = c.processFlows[:0]
	c.k8sEvents = c.k8sEvents[:0]
	c.gaps = c.gaps[:0]
}

// add appends a record, which the caller may change afterwards unless it is an entity.
func (c *chunk) add(rec sysflow.Record) {
	switch r := rec.(type) {
	case *sysflow.FileFlow:
		rec = c.fileFlows.put(r)
	case *sysflow.NetworkFlow:
		rec = c.networkFlows.put(r)
	case *sysflow.ProcessFlow:
		rec = c.processFlows.put(r)
	case *sysflow.NetworkEvent:
		e := c.networkEvents.put(r)
		e.Args = slices.Clone(r.Args)
		rec = e
	case *sysflow.K8sEvent:
		rec = c.k8sEvents.put(r)
	case *sysflow.Gap:
		rec = c.gaps.put(r)
	case *sysflow.FileEvent:
		e := c.fileEvents.put(r)
		e.Args = slices.Clone(r.Args)
		if r.NewFileOID != nil {
			id := *r.NewFileOID
			e.NewFileOID = &id
		}
		rec = e
	case *sysflow.ProcessEvent:
		e := c.processEvents.put(r)
		e.Args = slices.Clone(r.Args)
		rec = e
	}
	c.records = append(c.records, rec)
}

// slots holds the copies of one type. They never move: the capacity is that of a chunk.
type slots[T any] []T

func (s *slots[T]) put(v *T) *T {
	if cap(*s) == 0 {
		*s = make([]T, 0, chunkSize)
	}
	*s = append(*s, *v)
	return &(*s)[len(*s)-1]
}
