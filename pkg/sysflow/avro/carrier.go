package avro

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// writtenCarriers is for how many flows and events the writer does not repeat the File;
// keptCarriers how many Files a reader remembers at least. The second must not be less
// than the first: a flow whose File is forgotten would come back as a file flow.
const (
	writtenCarriers = 1 << 12
	keptCarriers    = 1 << 14
)

// carriers turns file flows and file events on carrier files back into what they were, and
// Kubernetes events that carry gaps. Its memory is bounded.
type carriers struct {
	young, old map[sysflow.FOID]endpoints

	flow  sysflow.NetworkFlow
	event sysflow.NetworkEvent
	gap   sysflow.Gap
}

// restore returns what rec stands for, nil for the carrier file itself.
func (c *carriers) restore(rec sysflow.Record) sysflow.Record {
	switch r := rec.(type) {
	case *sysflow.Header:
		c.young, c.old = nil, nil
	case *sysflow.File:
		if r.Type != sysflow.FileIPv6 && r.Type != sysflow.FileIPv4 {
			return rec
		}
		e, ok := parseEndpoints(r.Path)
		if !ok || r.Type != e.fileType() || r.OID != sysflow.NewFOID(r.ContainerID, r.Path) {
			return rec
		}
		c.put(r.OID, e)
		return nil
	case *sysflow.FileFlow:
		if len(c.young) != 0 && r.OpenFlags == 0 {
			return c.restoreFlow(r)
		}
	case *sysflow.FileEvent:
		if len(c.young) != 0 && r.NewFileOID == nil {
			return c.restoreEvent(r)
		}
	case *sysflow.K8sEvent:
		if restoreGap(&c.gap, r) {
			return &c.gap
		}
	}
	return rec
}

func (c *carriers) put(id sysflow.FOID, e endpoints) {
	if len(c.young) >= keptCarriers {
		c.old, c.young = c.young, nil
	}
	if c.young == nil {
		c.young = make(map[sysflow.FOID]endpoints)
	}
	c.young[id] = e
}

func (c *carriers) get(id sysflow.FOID) (endpoints, bool) {
	if e, ok := c.young[id]; ok {
		return e, true
	}
	e, ok := c.old[id]
	return e, ok
}

func (c *carriers) restoreFlow(r *sysflow.FileFlow) sysflow.Record {
	e, ok := c.get(r.FileOID)
	if !ok {
		return r
	}
	c.flow = sysflow.NetworkFlow{
		ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, EndTS: r.EndTS,
		SIP: e.src, SPort: e.sport, DIP: e.dst, DPort: e.dport, Proto: e.proto,
		FD: r.FD, Counters: r.Counters,
	}
	return &c.flow
}

func (c *carriers) restoreEvent(r *sysflow.FileEvent) sysflow.Record {
	e, ok := c.get(r.FileOID)
	if !ok {
		return r
	}
	c.event = sysflow.NetworkEvent{
		ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags,
		SIP: e.src, SPort: e.sport, DIP: e.dst, DPort: e.dport, Proto: e.proto, Ret: r.Ret,
		FD: sysflow.UnknownFD,
	}
	return &c.event
}
