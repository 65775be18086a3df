package flow

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// threads is the process flow: what the threads of a process did since its last
// record.
type threads struct {
	since                  int64
	ops                    sysflow.OpFlags
	cloned, exited, failed int64
	timer                  link[process]
}

func (b *Builder) threadStart(e *Event) {
	p := b.actor(e)
	if !b.cfg.ThreadEvents {
		b.countThread(p, e, sysflow.OpClone)
		p.threads.cloned++
		return
	}
	b.writeProcessEvent(p, e, sysflow.OpClone, e.TID, e.Ret)
	b.writeProcessEvent(p, e, sysflow.OpClone, e.Child.TID, 0)
}

func (b *Builder) threadExit(e *Event) {
	p := b.actor(e)
	if !b.cfg.ThreadEvents {
		b.countThread(p, e, sysflow.OpExit)
		p.threads.exited++
		return
	}
	b.writeProcessEvent(p, e, sysflow.OpExit, e.TID, e.Ret)
}

// takeBackThreadExit forgets an exit of a thread that turned out to be that of the process, unless
// it is written already.
func (b *Builder) takeBackThreadExit(p *process) {
	t := &p.threads
	if t.exited == 0 {
		return
	}
	t.exited--
	if t.exited == 0 {
		t.ops &^= sysflow.OpExit
	}
}

func (b *Builder) cloneFailed(e *Event) {
	p := b.actor(e)
	if !b.cfg.ThreadEvents {
		b.countThread(p, e, sysflow.OpClone)
		p.threads.failed++
		return
	}
	b.writeProcessEvent(p, e, sysflow.OpClone, e.TID, e.Ret)
}

// countThread notes an operation of a thread; the caller counts it.
func (b *Builder) countThread(p *process, e *Event, op sysflow.OpFlags) {
	t := &p.threads
	if t.timer.in == nil {
		b.freshThreads.addTimer(&t.timer, b.clock+int64(b.cfg.FirstExport))
		t.since = e.TS
	}
	t.ops |= op
}

// pollThreads writes the process flows that are due.
func (b *Builder) pollThreads(now int64) {
	for _, q := range [...]*list[process]{&b.freshThreads, &b.agedThreads} {
		for p := q.popDue(now); p != nil; p = q.popDue(now) {
			if p.threads.ops == 0 {
				continue
			}
			b.writeThreads(p, now, 0)
			if b.cfg.ExportInterval > 0 {
				b.agedThreads.addTimer(&p.threads.timer, b.clock+int64(b.cfg.ExportInterval))
			}
		}
	}
}

// endThreads writes what is left of a process flow.
func (b *Builder) endThreads(p *process, ts int64, mark sysflow.OpFlags) {
	p.threads.timer.unlink()
	if p.threads.ops != 0 {
		b.writeThreads(p, ts, mark)
	}
}

func (b *Builder) writeThreads(p *process, ts int64, mark sysflow.OpFlags) {
	t := &p.threads
	defer func() { t.since, t.ops, t.cloned, t.exited, t.failed = ts, 0, 0, 0, 0 }()
	if p.unwanted {
		return
	}
	b.announce(p, sysflow.StateReup, ts)
	b.scratch.pf = sysflow.ProcessFlow{
		ProcOID:          p.oid,
		TS:               min(t.since, ts),
		NumThreadsCloned: t.cloned,
		OpFlags:          t.ops | mark,
		EndTS:            ts,
		NumThreadsExited: t.exited,
		NumCloneErrors:   t.failed,
	}
	b.emit(&b.scratch.pf)
}
