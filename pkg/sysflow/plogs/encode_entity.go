package plogs

import (
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// A header begins a new trace, so it always travels at once and before everything
// that belongs to it.
func (e *Encoder) addHeader(h *sysflow.Header) {
	e.flushPending()
	e.forgetGroups()
	e.host = nil
	e.clock = 0
	e.table.Put(h)
	e.odd = sysflow.Table{}
	e.appendRecord(e.hostGroup(), sysflow.KindHeader, 0, 0, 1)
}

// A pod has more properties than fit on every process of the pod, so it always
// travels as a record of its own.
func (e *Encoder) addPod(p *sysflow.Pod) {
	if old := e.table.Pod(p.ID); old != nil && equalPods(old, p) {
		return
	}
	e.table.Put(p)
	e.forgetGroupsIf(func(g *group) bool { return g.pod == p.ID })
	g := &group{}
	m := e.appendResource(g).Resource().Attributes()
	putHeader(m, e.table.Header())
	putPod(m, p.ID, p)
	putPodDetails(e.appendRecord(g, sysflow.KindPod, p.TS, e.clock.next(p.TS), podRecordAttributes), p)
}

func (e *Encoder) addContainer(c *sysflow.Container) {
	if old := e.table.Container(c.ID); old != nil {
		if old.Equal(c) {
			return
		}
		e.flush(old)
	}
	e.table.Put(c)
	e.forgetGroupsIf(func(g *group) bool { return g.container == c.ID })
	e.pending.add(c)
}

func (e *Encoder) addProcess(p *sysflow.Process) {
	if old := e.table.Process(p.OID); old != nil {
		if equalProcesses(old, p) {
			return
		}
		e.flush(old)
	}
	e.table.Put(p)
	delete(e.groups, p.OID)
	if e.last != nil && e.last.oid == p.OID {
		e.last = nil
	}
	e.pending.add(p)
}

func (e *Encoder) addFile(f *sysflow.File) {
	if old := e.table.File(f.OID); old != nil {
		if *old == *f {
			return
		}
		e.flush(old)
	}
	e.table.Put(f)
	if f.OID != sysflow.NewFOID(f.ContainerID, f.Path) {
		e.odd.Put(f)
	}
	e.pending.add(f)
}

// flushPending writes records for the entities that no event carried.
func (e *Encoder) flushPending() {
	for i := 0; i < len(e.pending.list); i++ {
		if rec := e.pending.list[i]; rec != nil {
			e.flush(rec)
		}
	}
}

// flush writes a record for an entity, unless it has already travelled. It must be
// called while the entity is the current one of its id.
func (e *Encoder) flush(entity sysflow.Record) {
	if !e.pending.remove(entity) {
		return
	}
	switch r := entity.(type) {
	case *sysflow.Process:
		e.appendProcess(r)
	case *sysflow.Container:
		g := &group{}
		m := e.appendResource(g).Resource().Attributes()
		putHeader(m, e.table.Header())
		putContainer(m, r.ID, r)
		putPod(m, r.PodID, e.table.Pod(r.PodID))
		e.appendRecord(g, sysflow.KindContainer, 0, e.clock.next(0), 1)
	case *sysflow.File:
		m := e.appendRecord(e.hostGroup(), sysflow.KindFile, r.TS, e.clock.next(r.TS), fileAttributes)
		e.putFile(m, &fileKeys, r, "", true)
	}
}

func (e *Encoder) appendProcess(p *sysflow.Process) {
	g := e.processGroup(p.OID) // writes the ancestors, so it comes first
	e.appendRecord(g, sysflow.KindProcess, p.TS, e.clock.next(p.TS), 1)
}

// flushAncestors writes records for the ancestors of p that have not travelled, root
// first, so that every reader meets a parent before its children.
func (e *Encoder) flushAncestors(p *sysflow.Process) {
	if e.pending.len() == 0 {
		return
	}
	var chain []*sysflow.Process
	for a := e.table.Parent(p); a != nil && e.pending.remove(a); a = e.table.Parent(a) {
		chain = append(chain, a) // what is removed is not met again, even in a cycle
	}
	for _, a := range slices.Backward(chain) {
		e.appendProcess(a)
	}
}
