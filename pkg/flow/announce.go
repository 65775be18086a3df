package flow

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// maxAncestors bounds how many unknown ancestors are written with a process; it also
// ends a walk around a circle of parents, which a snapshot can contain after reuse of
// pids.
const maxAncestors = 64

// announce writes what a record of p needs: its ancestors, root first, then p itself
// in the given state; nothing when both have been written.
func (b *Builder) announce(p *process, first sysflow.ObjectState, ts int64) {
	switch {
	case p.rec == nil:
		b.announceAncestors(p, ts)
		b.writeProcess(p, first, ts)
	case p.changed || p.rec.UID != p.info.UID || p.rec.GID != p.info.GID:
		b.announceChange(p, sysflow.StateModified, ts)
	case b.isStale(p):
		b.announceAncestors(p, ts)
		b.writeProcess(p, sysflow.StateReup, ts)
	}
}

// announceChange writes p, which has changed, after its ancestors. When p was never
// written, it is in the given state, otherwise MODIFIED.
func (b *Builder) announceChange(p *process, first sysflow.ObjectState, ts int64) {
	b.announceAncestors(p, ts)
	if p.rec != nil {
		first = sysflow.StateModified
	}
	b.writeProcess(p, first, ts)
}

func (b *Builder) announceAncestors(p *process, ts int64) {
	var buf [16]*process
	chain := buf[:0]
	for a := b.parentOf(p); a != nil && b.isStale(a) && len(chain) < maxAncestors; a = b.parentOf(a) {
		chain = append(chain, a)
	}
	for _, a := range slices.Backward(chain) {
		if b.isStale(a) {
			b.writeProcess(a, sysflow.StateReup, ts)
		}
	}
}

// isStale reports whether p was not written, or so long ago that a reader may have
// forgotten it.
func (b *Builder) isStale(p *process) bool {
	return p.rec == nil || b.cfg.MaxProcesses > 0 && b.procSeq-p.seq >= uint64(b.cfg.MaxProcesses)
}

// parentOf returns the parent, which is looked up on the host when it is not in the
// table; nil when it is unknown.
func (b *Builder) parentOf(p *process) *process {
	b.findParent(p)
	if p.parent == nil && p.poid.HPID != 0 && !p.orphan && !p.gone {
		info, ok := b.host.Process(int32(p.poid.HPID), p.poid.CreateTS)
		if !ok || info == nil {
			p.orphan = true
			return nil
		}
		b.stats.UnknownProcesses++
		b.addProcess(p.poid, info)
		b.findParent(p)
	}
	if p.parent == nil || p.parent.gone {
		return nil
	}
	return p.parent
}

func (b *Builder) writeProcess(p *process, state sysflow.ObjectState, ts int64) {
	if state == sysflow.StateReup && p.rec != nil {
		ts = p.rec.TS
	}
	rec := b.describeProcess(p, state, ts)
	b.procSeq++
	p.rec, p.seq, p.changed = rec, b.procSeq, false
	b.emit(rec)
}

// describeProcess makes a record of what is known of a process.
func (b *Builder) describeProcess(p *process, state sysflow.ObjectState, ts int64) *sysflow.Process {
	rec := &sysflow.Process{
		State:       state,
		OID:         p.oid,
		TS:          ts,
		Exe:         p.info.Exe,
		ExeArgs:     p.info.ExeArgs,
		UID:         p.info.UID,
		UserName:    b.userName(p, p.info.UID),
		GID:         p.info.GID,
		GroupName:   b.groupName(p, p.info.GID),
		TTY:         p.info.TTY,
		ContainerID: p.info.ContainerID,
		Entry:       p.info.Entry,
		CWD:         p.info.CWD,
		Env:         p.info.Env,
		Details:     p.info.Details,
	}
	if p.poid.HPID != 0 {
		poid := p.poid
		rec.POID = &poid
	}
	return rec
}

func (b *Builder) userName(p *process, uid int32) string {
	if uid == sysflow.UnknownID {
		return ""
	}
	return b.host.UserName(p.info.ContainerID, uid)
}

func (b *Builder) groupName(p *process, gid int32) string {
	if gid == sysflow.UnknownID {
		return ""
	}
	return b.host.GroupName(p.info.ContainerID, gid)
}
