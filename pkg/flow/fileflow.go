package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func (b *Builder) writeFileFlow(f *flow, ts int64, mark sysflow.OpFlags) {
	b.announceFile(f.file, sysflow.StateReup)
	b.scratch.ff = sysflow.FileFlow{
		ProcOID:   f.proc.oid,
		TS:        min(f.since, ts),
		TID:       int64(f.tid),
		OpFlags:   f.pending() | mark,
		OpenFlags: f.openFlags,
		EndTS:     ts,
		FileOID:   f.file.rec.OID,
		FD:        f.key.Descriptor(),
		Counters:  f.delta(),
		Origin:    f.known.Origin,
	}
	b.emit(&b.scratch.ff)
}
