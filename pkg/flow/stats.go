package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Stats tells what a Builder holds, what it has written and what went wrong.
type Stats struct {
	// Processes, Files and Flows are how many there are in the tables.
	Processes int
	Files     int
	Flows     int

	// Records counts what was written, by sysflow.Kind.
	Records [sysflow.NumKinds]uint64

	// EvictedProcesses counts processes forgotten alive because the table was full:
	// their flows were cut. EvictedAncestors counts those that had ended and were
	// only kept for their descendants. EvictedFiles cost nothing but another record
	// when the file is used again.
	EvictedProcesses uint64
	EvictedAncestors uint64
	EvictedFiles     uint64

	// UnknownProcesses counts processes whose creation was missed; of these,
	// NamelessProcesses could not be looked up either and were written bare.
	UnknownProcesses  uint64
	NamelessProcesses uint64
	// MissedExits counts processes that turned out to have ended unnoticed.
	MissedExits uint64
	// UnknownFlows counts ends of flows whose start was missed, and which could
	// therefore not be written.
	UnknownFlows uint64
	// LostEnds counts flows that ended at the source without an event, so that
	// their last operations are missing.
	LostEnds uint64
}

// Stats returns the current figures.
func (b *Builder) Stats() Stats {
	s := b.stats
	s.Processes = len(b.procs)
	s.Files = b.numFiles
	s.Flows = len(b.flows)
	return s
}

func (b *Builder) emit(rec sysflow.Record) {
	b.stats.Records[rec.Kind()]++
	b.sink(rec)
}
