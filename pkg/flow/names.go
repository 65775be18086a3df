package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

const (
	directoryOps = sysflow.OpMkdir | sysflow.OpRmdir
	// creatingOps refer to their (first) name as CREATED, as SysFlow's collector does.
	creatingOps = directoryOps | sysflow.OpUnlink | sysflow.OpMknod | sysflow.OpBind
	// sameTypeOps give a file another name, symlink does not.
	sameTypeOps = sysflow.OpLink | sysflow.OpRename
)

// name writes an operation on one or two files by their names.
func (b *Builder) name(e *Event) {
	p := b.actor(e)
	if p.unwanted {
		return
	}
	b.announce(p, sysflow.StateReup, e.TS)

	f := b.file(p, e.Path, e.TS)
	f.setType(e.FileType)
	if e.Op&directoryOps != 0 && (e.Ret == 0 || f.typ == sysflow.FileUnknown) {
		f.setType(sysflow.FileDirectory)
	}
	state := sysflow.StateReup
	if e.Op&creatingOps != 0 {
		state = sysflow.StateCreated
	}
	b.announceFile(f, state)

	fe := sysflow.FileEvent{
		ProcOID: p.oid,
		TS:      e.TS,
		TID:     int64(e.TID),
		OpFlags: e.Op,
		FileOID: f.rec.OID,
		Ret:     e.Ret,
		Args:    e.Args,
		Origin:  e.Origin,
	}
	if e.Op&sysflow.TwoNames != 0 {
		b.scratch.newOID = b.newName(p, e, f)
		fe.NewFileOID = &b.scratch.newOID
	}
	b.scratch.fe = fe
	b.emit(&b.scratch.fe)
}

// newName writes the second file of an event and returns its id.
func (b *Builder) newName(p *process, e *Event, old *file) sysflow.FOID {
	typ := old.typ
	f := b.file(p, e.NewPath, e.TS)
	if e.Op&sameTypeOps != 0 && (e.Ret == 0 || f.typ == sysflow.FileUnknown) {
		f.setType(typ)
	}
	b.announceFile(f, sysflow.StateCreated)
	return f.rec.OID
}
