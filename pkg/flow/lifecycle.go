package flow

import (
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// snapshot adds a process from before the capture. It is written when it is needed.
func (b *Builder) snapshot(e *Event) {
	if e.Process == nil {
		return
	}
	oid := sysflow.OID{CreateTS: e.CreateTS, HPID: int64(e.PID)}
	p := b.procs[oid]
	if p == nil {
		b.addProcess(oid, e.Process)
		return
	}
	b.complete(p, e.Process, oidOf(e.Process.ParentPID, e.Process.ParentCreateTS))
}

func oidOf(pid int32, createTS int64) sysflow.OID {
	return sysflow.OID{CreateTS: createTS, HPID: int64(pid)}
}

// complete adds what was not known of a process.
func (b *Builder) complete(p *process, info *ProcessInfo, parent sysflow.OID) {
	if p.poid.HPID == 0 && parent.HPID > 0 {
		p.poid, p.changed = parent, true
		b.findParent(p)
	}
	if p.info.Exe == "" && info.Exe != "" {
		b.describe(p, info)
		p.changed = true
	}
	if p.changed {
		b.judge(p)
	}
}

func (b *Builder) fork(e *Event) {
	p := b.actor(e)
	b.writeProcessEvent(p, e, sysflow.OpClone, e.TID, e.Ret)

	info := p.info
	info.Entry = e.Child.Entry
	info.Details = sameExe(e.Child.Details, p.info.Details)
	if e.Child.ContainerKnown {
		info.ContainerID = e.Child.ContainerID
	}
	if e.Process != nil {
		info = *e.Process
	}
	parent := p.oid
	if e.Child.ParentPID > 0 {
		parent = oidOf(e.Child.ParentPID, e.Child.ParentCreateTS)
	}
	child := b.child(e, info, parent)
	if child.unwanted {
		return
	}
	b.announce(child, sysflow.StateCreated, e.TS)
	b.processEvent(child, e, sysflow.OpClone, child.pid(), 0)
}

// child adds a new process. It may be known already when one of its
// own events has overtaken that of its creation.
func (b *Builder) child(e *Event, info ProcessInfo, parent sysflow.OID) *process {
	info.ParentPID, info.ParentCreateTS = int32(parent.HPID), parent.CreateTS
	oid := oidOf(e.Child.PID, e.Child.CreateTS)
	p := b.procs[oid]
	if p == nil {
		p = b.addProcess(oid, &info)
	} else {
		b.complete(p, &info, parent)
	}
	return p
}

func (b *Builder) exec(e *Event) {
	p := b.actor(e)
	if e.Ret == 0 {
		b.closeOnExec(p, e.TS)
		if e.Process != nil {
			b.describe(p, e.Process)
			b.judge(p)
		}
	}
	if p.unwanted {
		p.changed = true // should it be wanted later
		return
	}
	b.announceChange(p, sysflow.StateCreated, e.TS)
	b.processEvent(p, e, sysflow.OpExec, e.TID, e.Ret)
}

func (b *Builder) exit(e *Event) {
	p := b.actor(e)
	if e.Origin != 0 {
		b.takeBackThreadExit(p)
	}
	b.endThreads(p, e.TS, 0)
	b.endFlows(&p.fileFlows, e.TS, false)
	b.endFlows(&p.networkFlows, e.TS, false)
	b.writeProcessEvent(p, e, sysflow.OpExit, e.TID, e.Ret)
	b.bury(p)
}

func (b *Builder) setuid(e *Event) {
	p := b.actor(e)
	b.setCreds(p, e.Process)
	if p.unwanted {
		return
	}
	b.announceChange(p, sysflow.StateReup, e.TS)
	name := b.userName(p, e.SetuidTo)
	if name == "" {
		name = strconv.Itoa(int(e.SetuidTo))
	}
	b.processEvent(p, e, sysflow.OpSetuid, e.TID, e.Ret, name)
}

func (b *Builder) creds(e *Event) {
	b.setCreds(b.actor(e), e.Process)
}

func (b *Builder) setCreds(p *process, info *ProcessInfo) {
	if info == nil {
		return
	}
	changed := p.info.UID != info.UID || p.info.GID != info.GID
	p.info.UID, p.info.GID = info.UID, info.GID
	if info.Details != nil {
		d := b.withLogin(p, sameExe(info.Details, p.info.Details))
		if !d.Equal(p.info.Details) {
			p.info.Details, p.changed = d, true
			changed = true
		}
	}
	if changed {
		b.judge(p)
	}
}

// processOp writes an operation of a process, which may have changed it.
func (b *Builder) processOp(e *Event) {
	p := b.actor(e)
	b.setCreds(p, e.Process)
	b.writeProcessEvent(p, e, e.Op, e.TID, e.Ret, e.Args...)
}

func (b *Builder) chdir(e *Event) {
	p := b.actor(e)
	if e.Process != nil {
		p.info.CWD = slashed(e.Process.CWD)
	}
}

// writeProcessEvent writes an event of a process, and before it what the event needs.
func (b *Builder) writeProcessEvent(
	p *process, e *Event, op sysflow.OpFlags, tid, ret int32, args ...string,
) {
	if p.unwanted {
		return
	}
	b.announce(p, sysflow.StateReup, e.TS)
	b.processEvent(p, e, op, tid, ret, args...)
}

// processEvent writes an event of a process that has been announced.
func (b *Builder) processEvent(
	p *process, e *Event, op sysflow.OpFlags, tid, ret int32, args ...string,
) {
	b.scratch.pe = sysflow.ProcessEvent{
		ProcOID: p.oid,
		TS:      e.TS,
		TID:     int64(tid),
		OpFlags: op,
		Args:    append(b.scratch.args[:0], args...),
		Ret:     ret,
	}
	b.emit(&b.scratch.pe)
}
