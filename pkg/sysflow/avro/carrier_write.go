package avro

import (
	"net/netip"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// carrierWriter finds what version 5 has no fields for, and what to write instead.
type carrierWriter struct {
	written    map[sysflow.FOID]struct{}
	containers map[sysflow.OID]string // of processes that are in one

	header sysflow.Header
	file   sysflow.File
	flow   sysflow.FileFlow
	event  sysflow.FileEvent
	gap    sysflow.K8sEvent
}

// maxContained bounds the processes whose container is remembered. A forgotten one only
// changes the id of the carrier file.
const maxContained = 1 << 16

// opsV5 are the operations that version 5 has.
const opsV5 = sysflow.OpRename<<1 - 1

// unwritable reports whether version 5 can say nothing of an event's operation.
func unwritable(op sysflow.OpFlags) bool { return op != 0 && op&opsV5 == 0 }

// convert returns the record to write, nil if there is none, and, when the file lacks it, the
// File before it.
func (c *carrierWriter) convert(rec sysflow.Record) (sysflow.Record, *sysflow.File) {
	switch r := rec.(type) {
	case *sysflow.Header:
		c.written = nil
		if r.Version == sysflow.SchemaV6 {
			c.header = *r
			c.header.Version = sysflow.SchemaV5
			return &c.header, nil
		}
	case *sysflow.Process:
		c.learn(r)
	case *sysflow.ProcessEvent:
		if unwritable(r.OpFlags) {
			return nil, nil
		}
	case *sysflow.FileEvent:
		if unwritable(r.OpFlags) {
			return nil, nil
		}
	case *sysflow.NetworkFlow:
		if e := endpointsOf(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto); !e.is4() {
			file := c.carrier(e, r.ProcOID, r.TS)
			c.flow = sysflow.FileFlow{
				ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, EndTS: r.EndTS,
				FileOID: c.file.OID, FD: r.FD, Counters: r.Counters,
			}
			return &c.flow, file
		}
	case *sysflow.NetworkEvent:
		if unwritable(r.OpFlags) {
			return nil, nil
		}
		file := c.carrier(endpointsOf(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto), r.ProcOID, r.TS)
		c.event = sysflow.FileEvent{
			ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags,
			FileOID: c.file.OID, Ret: r.Ret,
		}
		return &c.event, file
	case *sysflow.Gap:
		carryGap(&c.gap, r)
		return &c.gap, nil
	}
	return rec, nil
}

// convertV6 is convert for version 6.
func (c *carrierWriter) convertV6(rec sysflow.Record) sysflow.Record {
	switch r := rec.(type) {
	case *sysflow.Header:
		c.header = *r
		c.header.Version = sysflow.SchemaV6
		return &c.header
	case *sysflow.Gap:
		carryGap(&c.gap, r)
		return &c.gap
	}
	return rec
}

func (c *carrierWriter) learn(p *sysflow.Process) {
	if p.ContainerID == "" {
		delete(c.containers, p.OID)
		return
	}
	if c.containers == nil || len(c.containers) >= maxContained {
		c.containers = make(map[sysflow.OID]string)
	}
	c.containers[p.OID] = p.ContainerID
}

// carrier sets c.file, and returns it unless the trace has it already.
func (c *carrierWriter) carrier(e endpoints, process sysflow.OID, ts int64) *sysflow.File {
	container := c.containers[process]
	path := e.path()
	if back, ok := parseEndpoints(path); !ok || back != e || !utf8.ValidString(path) {
		// a zone that no network interface can have, built to confuse the reader
		e.src, e.dst = withoutZone(e.src), withoutZone(e.dst)
		path = e.path()
	}
	c.file = sysflow.File{
		State: sysflow.StateReup, OID: sysflow.NewFOID(container, path), TS: ts,
		Type: e.fileType(), Path: path, ContainerID: container,
	}
	if _, ok := c.written[c.file.OID]; ok {
		return nil
	}
	if c.written == nil || len(c.written) >= writtenCarriers {
		c.written = make(map[sysflow.FOID]struct{})
	}
	c.written[c.file.OID] = struct{}{}
	return &c.file
}

func withoutZone(a netip.Addr) netip.Addr { return a.WithZone("") }
