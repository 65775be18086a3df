package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// maxFree bounds the flows kept for reuse.
const maxFree = 4096

const endMarks = sysflow.OpClose | sysflow.OpTruncate

// flow is an open file or socket.
type flow struct {
	key  Key
	proc *process
	// file is nil for a network flow, which has ends.
	file      *file
	ends      ends
	tid       int32
	openFlags sysflow.OpenFlags

	// since is the end of the last record, at first the start of the flow. active is
	// when the flow was last seen to have done something.
	since, active int64
	// known are the latest totals, done what of them has been written. written tells
	// whether there was any record.
	known, done Totals
	written     bool

	// timer is the link in Builder.fresh, aged or awaited, sibling that in the process.
	timer, sibling link[flow]
}

// pending returns the operations since the last record. Reads and writes show in the
// counters, other operations only the first time.
func (f *flow) pending() sysflow.OpFlags {
	ops := f.known.OpFlags &^ f.done.OpFlags &^ endMarks
	if f.known.NumRRecvOps > f.done.NumRRecvOps {
		ops |= sysflow.OpReadRecv
	}
	if f.known.NumWSendOps > f.done.NumWSendOps {
		ops |= sysflow.OpWriteSend
	}
	return ops
}

// delta returns the counters since the last record.
func (f *flow) delta() sysflow.Counters {
	return sysflow.Counters{
		NumRRecvOps:   f.known.NumRRecvOps - f.done.NumRRecvOps,
		NumWSendOps:   f.known.NumWSendOps - f.done.NumWSendOps,
		NumRRecvBytes: f.known.NumRRecvBytes - f.done.NumRRecvBytes,
		NumWSendBytes: f.known.NumWSendBytes - f.done.NumWSendBytes,
	}
}

// describesFlow reports whether an event says what its flow is about.
func (e *Event) describesFlow() bool {
	return e.FileType != 0 || e.Path != "" || e.Socket.Local.IsValid() || e.Socket.Remote.IsValid()
}

func (b *Builder) flowStart(e *Event) {
	switch {
	case b.flows[e.Flow.ID] != nil:
	case b.cfg.OpensOnly && e.describesFile():
		b.openOnly(e)
	default:
		b.startFlow(e)
	}
}

// describesFile reports whether an event describes the flow of a file.
func (e *Event) describesFile() bool {
	return !e.Socket.Local.IsValid() && !e.Socket.Remote.IsValid()
}

// openOnly writes a flow that is nothing but an open. The source forgets it by itself.
func (b *Builder) openOnly(e *Event) {
	if e.OpenFlags == 0 {
		return // it was open before
	}
	f := b.startFlow(e)
	f.known = Totals{OpFlags: sysflow.OpOpen}
	b.writeFlow(f, e.TS, 0)
	b.freeFlow(f)
}

func (b *Builder) startFlow(e *Event) *flow {
	p := b.actor(e)
	f := b.newFlow()
	f.key, f.proc, f.tid, f.openFlags = e.Flow, p, e.TID, e.OpenFlags
	f.since, f.active, f.known = e.TS, e.TS, e.Totals
	if e.Socket.Local.IsValid() || e.Socket.Remote.IsValid() {
		f.ends = b.orient(&e.Socket)
		p.networkFlows.add(&f.sibling)
	} else {
		f.file = b.file(p, e.Path, e.TS)
		f.file.setType(e.FileType)
		b.openFile(f.file)
		p.fileFlows.add(&f.sibling)
	}
	b.flows[f.key.ID] = f
	b.fresh.addTimer(&f.timer, b.clock+int64(b.cfg.FirstExport))
	return f
}

// flowEnd ends a flow; one whose start was missed is written if the event has all
// that is needed.
func (b *Builder) flowEnd(e *Event) {
	f := b.flows[e.Flow.ID]
	if f == nil {
		if !e.describesFlow() {
			b.stats.UnknownFlows++
			return
		}
		f = b.startFlow(e)
	}
	f.known = e.Totals
	if e.Closed {
		b.finish(f, e.TS, sysflow.OpClose)
	} else {
		b.finish(f, e.TS, sysflow.OpTruncate)
	}
}

// finish writes the last record of a flow and forgets it. A flow that never did
// anything leaves no record, unless somebody closed it.
func (b *Builder) finish(f *flow, ts int64, mark sysflow.OpFlags) {
	switch {
	case f.written || f.pending() != 0:
		b.writeFlow(f, ts, mark)
	case mark == sysflow.OpClose:
		f.since = ts
		b.writeFlow(f, ts, mark)
	}
	b.freeFlow(f)
}

// endFlows cuts the flows of a process. Those that have already ended at the source
// are left until their event arrives, unless there is no time to wait.
func (b *Builder) endFlows(l *list[flow], ts int64, final bool) {
	l.each(func(f *flow) {
		tot, ok := b.meter.Take(f.key)
		switch {
		case ok:
			f.known = tot
			b.finish(f, ts, sysflow.OpTruncate)
		case final:
			b.lose(f, ts)
		}
	})
}

// closeOnExec ends the flows whose descriptors an exec has closed.
func (b *Builder) closeOnExec(p *process, ts int64) {
	for _, l := range [...]*list[flow]{&p.fileFlows, &p.networkFlows} {
		l.each(func(f *flow) {
			if f.openFlags&sysflow.OpenCloexec == 0 {
				return
			}
			tot, ok := b.meter.Take(f.key)
			if !ok {
				return
			}
			f.known = tot
			if f.pending() == 0 && !f.written {
				b.freeFlow(f)
				return
			}
			b.finish(f, ts, sysflow.OpClose)
		})
	}
}

// writeFlow writes what a flow did since its last record, with a mark at its end.
func (b *Builder) writeFlow(f *flow, ts int64, mark sysflow.OpFlags) {
	if p := f.proc; !p.exited && !p.gone {
		b.live.add(&p.place)
	}
	if !b.leavesOut(f) {
		b.announce(f.proc, sysflow.StateReup, ts)
		if f.file != nil {
			b.writeFileFlow(f, ts, mark)
		} else {
			b.writeNetworkFlow(f, ts, mark)
		}
	}
	f.done, f.since, f.written = f.known, ts, true
}

func (b *Builder) newFlow() *flow {
	if n := len(b.free); n > 0 {
		f := b.free[n-1]
		b.free = b.free[:n-1]
		return f
	}
	f := &flow{}
	f.timer.owner, f.sibling.owner = f, f
	return f
}

func (b *Builder) freeFlow(f *flow) {
	delete(b.flows, f.key.ID)
	f.timer.unlink()
	f.sibling.unlink()
	if f.file != nil {
		b.closeFile(f.file)
	}
	if len(b.free) < maxFree {
		*f = flow{}
		f.timer.owner, f.sibling.owner = f, f
		b.free = append(b.free, f)
	}
}
