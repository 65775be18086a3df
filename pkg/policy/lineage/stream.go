package lineage

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Stream turns the records of traces into what rules are asked about. A header begins a
// new trace, of which everything is forgotten that came before, as SysFlow has it: traces
// describe all they refer to. It must not be used by two goroutines at once.
type Stream struct {
	node      *field.Node
	entities  sysflow.Table // but for processes
	processes *Table
	record    field.Record
	// evicted counts the processes of the traces before that were forgotten.
	evicted int64
}

// NewStream returns a stream that remembers as many processes as a Table by default.
func NewStream() *Stream {
	return &Stream{node: &field.Node{}, processes: NewTable(0)}
}

// Observe takes the next record. It returns what rules are asked about and true for events
// and flows, but for notices of gaps, which no rule is asked about; that is valid until the next call. The stream keeps what describes something.
func (s *Stream) Observe(rec sysflow.Record) (*field.Record, bool) {
	switch r := rec.(type) {
	case *sysflow.Header:
		s.begin(r)
		return nil, false
	case *sysflow.Process:
		c := s.entities.Container(r.ContainerID)
		s.processes.Put(*r, c, s.pod(c), s.node)
		return nil, false
	}
	if s.entities.Put(rec) {
		return nil, false
	}
	return &s.record, s.fill(rec)
}

// Evicted returns how many processes of all traces were forgotten for lack of room.
func (s *Stream) Evicted() int64 { return s.evicted + s.processes.Evicted() }

func (s *Stream) begin(h *sysflow.Header) {
	s.entities.Put(h)
	s.evicted += s.processes.Evicted()
	s.processes = NewTable(0)
	s.node = &field.Node{Name: h.Exporter, IP: h.IP, SchemaVersion: h.Version, TraceFile: h.Filename}
}

func (s *Stream) pod(c *sysflow.Container) *sysflow.Pod {
	if c == nil {
		return nil
	}
	return s.entities.Pod(c.PodID)
}

// process returns a process with the container and pod that are known by now; these may be
// described after the process.
func (s *Stream) process(id sysflow.OID) *field.Process {
	p := s.processes.Get(id)
	if p == nil || p.ContainerID == "" {
		return p
	}
	if c := s.entities.Container(p.ContainerID); c != nil && surround(p, c, s.pod(c), s.node) {
		p.Changed()
	}
	return p
}

func (s *Stream) file(id *sysflow.FOID) field.File {
	if id == nil {
		return field.File{}
	}
	f := field.File{OID: id}
	if known := s.entities.File(*id); known != nil {
		f.Path, f.Type = known.Path, known.Type
	}
	return f
}
