package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

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
	e.table.Put(p)
	e.forgetGroups()
	g := &group{}
	m := e.appendResource(g).Resource().Attributes()
	putHeader(m, e.table.Header())
	putPod(m, p.ID, p)
	putPodDetails(e.appendRecord(g, sysflow.KindPod, p.TS, e.clock.next(p.TS), podRecordAttributes), p)
}

func (e *Encoder) addContainer(c *sysflow.Container) {
	if old := e.table.Container(c.ID); old != nil {
		e.flush(old)
	}
	e.table.Put(c)
	e.forgetGroups()
	e.pending.add(c, e.clock.next(0))
}

func (e *Encoder) addProcess(p *sysflow.Process) {
	if old := e.table.Process(p.OID); old != nil {
		e.flush(old)
	}
	e.table.Put(p)
	delete(e.groups, p.OID)
	if e.last != nil && e.last.oid == p.OID {
		e.last = nil
	}
	e.pending.add(p, e.clock.next(p.TS))
}

func (e *Encoder) addFile(f *sysflow.File) {
	if old := e.table.File(f.OID); old != nil {
		e.flush(old)
	}
	e.table.Put(f)
	if f.OID != sysflow.NewFOID(f.ContainerID, f.Path) {
		e.odd.Put(f)
	}
	e.pending.add(f, e.clock.next(f.TS))
}

// flushPending writes records for the entities that no event carried.
func (e *Encoder) flushPending() {
	for i := 0; i < len(e.pending.list); i++ {
		if rec := e.pending.list[i].rec; rec != nil {
			e.flush(rec)
		}
	}
	e.pending.reset()
}

// flush writes a record for an entity, unless it has already travelled. It must be
// called while the entity is the current one of its id.
func (e *Encoder) flush(entity sysflow.Record) {
	order, ok := e.pending.remove(entity)
	if !ok {
		return
	}
	switch r := entity.(type) {
	case *sysflow.Process:
		e.flushAncestors(r)
		e.appendRecord(e.processGroup(r.OID), sysflow.KindProcess, r.TS, order, 1)
	case *sysflow.Container:
		g := &group{}
		m := e.appendResource(g).Resource().Attributes()
		putHeader(m, e.table.Header())
		putContainer(m, r.ID, r)
		putPod(m, r.PodID, e.table.Pod(r.PodID))
		e.appendRecord(g, sysflow.KindContainer, 0, order, 1)
	case *sysflow.File:
		m := e.appendRecord(e.hostGroup(), sysflow.KindFile, r.TS, order, fileAttributes)
		e.putFile(m, &fileKeys, r, "", fileDetails{first: true, ts: r.TS})
	}
}

// flushAncestors writes records for the ancestors of p that have not travelled, root
// first, so that every reader meets a parent before its children.
func (e *Encoder) flushAncestors(p *sysflow.Process) {
	if e.pending.len() == 0 {
		return
	}
	type ancestor struct {
		p     *sysflow.Process
		order int64
	}
	var chain []ancestor
	for a := e.table.Parent(p); a != nil; a = e.table.Parent(a) {
		order, ok := e.pending.remove(a) // also ends the walk in a cycle
		if !ok {
			break
		}
		chain = append(chain, ancestor{a, order})
	}
	for i := len(chain) - 1; i >= 0; i-- {
		a := chain[i]
		e.appendRecord(e.processGroup(a.p.OID), sysflow.KindProcess, a.p.TS, a.order, 1)
	}
}
