package hosts

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"

const (
	// chunk is how many processes are copied into one piece of memory.
	chunk = 64
	// maxChunks bounds the copies: 16,384 processes.
	maxChunks = 256
	// keptChunks is how much of that memory is kept for the next batch.
	keptChunks = 16
)

// Snapshots keeps what processes and their ancestors looked like, for whoever tells of them
// after they may have changed. The zero value is ready to use. It must not be used by two
// goroutines at once.
type Snapshots struct {
	copies map[*field.Process]*field.Process
	chunks [][]field.Process
	// full is how many chunks have no room left.
	full int
}

// Of returns a copy of a process and its ancestors as they are now; nil of nil. The copies of
// processes that did not change since the last time are shared. They are valid until Reset.
// When there are too many, which takes a batch made for it, the process itself is returned.
func (s *Snapshots) Of(p *field.Process) *field.Process { return s.upTo(p, field.MaxAncestors) }

// upTo copies at most so many ancestors, as damaged input may hold cycles.
func (s *Snapshots) upTo(p *field.Process, ancestors int) *field.Process {
	if p == nil || ancestors < 0 {
		return nil
	}
	parent := s.upTo(p.Parent, ancestors-1)
	// Nobody looks beyond the last one.
	if c := s.copies[p]; c != nil && c.Version == p.Version && (c.Parent == parent || ancestors == 0) {
		return c
	}
	if s.full == maxChunks {
		return p
	}
	c := s.room()
	*c = *p
	c.Parent = parent
	if s.copies == nil {
		s.copies = make(map[*field.Process]*field.Process)
	}
	s.copies[p] = c
	return c
}

func (s *Snapshots) room() *field.Process {
	if s.full == len(s.chunks) {
		s.chunks = append(s.chunks, make([]field.Process, 0, chunk))
	}
	c := &s.chunks[s.full]
	*c = (*c)[:len(*c)+1]
	p := &(*c)[len(*c)-1]
	if len(*c) == chunk {
		s.full++
	}
	return p
}

// Reset lets go of all copies.
func (s *Snapshots) Reset() {
	if len(s.copies) == 0 {
		return
	}
	if len(s.copies) > keptChunks*chunk {
		s.copies = nil
	}
	clear(s.copies)
	s.chunks = s.chunks[:min(len(s.chunks), keptChunks)]
	for i, c := range s.chunks {
		clear(c)
		s.chunks[i] = c[:0]
	}
	clear(s.chunks[len(s.chunks):cap(s.chunks)])
	s.full = 0
}
