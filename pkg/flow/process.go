package flow

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// exitLinger is how long an ended process stays known, for events that were overtaken
// by its exit.
const exitLinger = int64(1e9)

// process is an entry of the process table.
type process struct {
	oid sysflow.OID
	// poid has HPID 0 when the parent is unknown.
	poid sysflow.OID
	info ProcessInfo
	ctr  *container

	// rec is what was last written about the process, nil when it never was, and
	// seq the number of that record.
	rec *sysflow.Process
	seq uint64
	// changed tells that more has become known since, besides what announce
	// sees for itself.
	changed bool

	// parent is set once it has been looked up; orphan tells that there is none to
	// be found. children counts the processes whose parent is this one.
	parent   *process
	orphan   bool
	children int

	// place is the link in Builder.live, exited or held.
	place link[process]
	// unwanted tells that the filter leaves out its records.
	unwanted bool
	// exited: an end was seen. gone: not in the table any more.
	exited, gone bool

	fileFlows, networkFlows list[flow]
	threads                 threads
}

func (p *process) pid() int32 { return int32(p.oid.HPID) }

// actor returns the process that an event is about, as recently used.
func (b *Builder) actor(e *Event) *process {
	p := b.procs[sysflow.OID{CreateTS: e.CreateTS, HPID: int64(e.PID)}]
	if p == nil {
		p = b.discover(e)
	}
	if !p.exited {
		b.live.add(&p.place)
	}
	return p
}

// discover adds a process whose creation was missed.
func (b *Builder) discover(e *Event) *process {
	oid := sysflow.OID{CreateTS: e.CreateTS, HPID: int64(e.PID)}
	b.stats.UnknownProcesses++
	info, ok := e.Process, e.Type == EventExec && e.Ret == 0 && e.Process != nil
	if !ok {
		info, ok = b.host.Process(e.PID, e.CreateTS)
	}
	if !ok || info == nil {
		b.stats.NamelessProcesses++
		info = &ProcessInfo{UID: sysflow.UnknownID, GID: sysflow.UnknownID}
	}
	return b.addProcess(oid, info)
}

// addProcess adds an unknown process to the table.
func (b *Builder) addProcess(oid sysflow.OID, info *ProcessInfo) *process {
	p := &process{oid: oid}
	p.place.owner = p
	p.threads.timer.owner = p
	if info.ParentPID > 0 {
		p.poid = sysflow.OID{CreateTS: info.ParentCreateTS, HPID: int64(info.ParentPID)}
	}
	b.describe(p, info)
	b.procs[oid] = p
	b.findParent(p)
	b.takePID(p)
	b.judge(p)
	return p
}

// takePID makes p the owner of its pid. Another process that had the pid must have
// ended when it is older, else p has.
func (b *Builder) takePID(p *process) {
	old := b.pids[p.pid()]
	if old != nil && old.oid.CreateTS > p.oid.CreateTS {
		b.bury(p)
		return
	}
	if old != nil {
		b.stats.MissedExits++
		b.end(old, b.clock)
	}
	b.pids[p.pid()] = p
	b.live.add(&p.place)
}

// describe sets what is known of a process.
func (b *Builder) describe(p *process, info *ProcessInfo) {
	p.info = *info
	p.info.CWD = slashed(info.CWD)
	b.setContainer(p, info.ContainerID)
	p.info.Details = b.withLogin(p, info.Details)
}

// slashed returns a directory's name with a slash at its end.
func slashed(dir string) string {
	if dir == "" || strings.HasSuffix(dir, "/") {
		return dir
	}
	return dir + "/"
}

// findParent links p to its parent when that is in the table.
func (b *Builder) findParent(p *process) {
	if p.parent != nil || p.poid.HPID == 0 || p.poid == p.oid {
		return
	}
	if q := b.procs[p.poid]; q != nil {
		p.parent = q
		q.children++
	}
}

// end cuts what a process has open and takes it for ended.
func (b *Builder) end(p *process, ts int64) {
	b.bury(p)
	b.endThreads(p, ts, sysflow.OpTruncate)
	b.endFlows(&p.fileFlows, ts, false)
	b.endFlows(&p.networkFlows, ts, false)
}

// bury marks a process as ended; it leaves the table later.
func (b *Builder) bury(p *process) {
	if p.exited {
		return
	}
	p.exited = true
	b.releasePID(p)
	b.exited.addTimer(&p.place, b.clock+exitLinger)
}

func (b *Builder) releasePID(p *process) {
	if b.pids[p.pid()] == p {
		delete(b.pids, p.pid())
	}
}

// reap forgets ended processes, except for those that have children in the table.
func (b *Builder) reap(now int64) {
	for p := b.exited.popDue(now); p != nil; p = b.exited.popDue(now) {
		if p.children > 0 {
			b.settle(p, now)
			b.held.add(&p.place)
			continue
		}
		b.remove(p, now)
	}
}

// settle writes the last of a process, without waiting for the source.
func (b *Builder) settle(p *process, ts int64) {
	b.endThreads(p, ts, sysflow.OpTruncate)
	b.endFlows(&p.fileFlows, ts, true)
	b.endFlows(&p.networkFlows, ts, true)
}

// remove takes a process out of the table, and with it those ancestors that were kept
// only for its sake.
func (b *Builder) remove(p *process, now int64) {
	for p != nil {
		delete(b.procs, p.oid)
		b.releasePID(p)
		p.place.unlink()
		p.gone = true
		b.settle(p, now)
		b.releaseContainer(p.ctr)
		parent := p.parent
		p.parent = nil
		if parent == nil {
			return
		}
		parent.children--
		if parent.children > 0 || parent.place.in != &b.held {
			return
		}
		p = parent
	}
}

// limitProcesses makes room when the table is too large. It must not be called while
// a process is being worked on.
func (b *Builder) limitProcesses() {
	for b.cfg.MaxProcesses > 0 && len(b.procs) > b.cfg.MaxProcesses {
		victim, count := b.held.head(), &b.stats.EvictedAncestors
		if victim == nil {
			victim = b.exited.head()
		}
		if victim == nil {
			victim, count = b.live.head(), &b.stats.EvictedProcesses
		}
		*count++
		b.remove(victim, b.clock)
	}
}
