package avro

import (
	"net/netip"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// carrierWriter finds flows and events that IPv4 fields cannot say, and what to
// write instead.
type carrierWriter struct {
	written    map[sysflow.FOID]struct{}
	containers map[sysflow.OID]string // of processes that are in one

	file  sysflow.File
	flow  sysflow.FileFlow
	event sysflow.FileEvent
}

// maxContained bounds the processes whose container is remembered. A forgotten one only
// changes the id of the carrier file.
const maxContained = 1 << 16

// convert returns the record to write and, when the file lacks it, the File before it.
func (c *carrierWriter) convert(rec sysflow.Record) (sysflow.Record, *sysflow.File) {
	switch r := rec.(type) {
	case *sysflow.Header:
		c.written = nil
	case *sysflow.Process:
		c.learn(r)
	case *sysflow.NetworkFlow:
		if e, ok := endpointsOf(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto); ok {
			file := c.carrier(e, r.ProcOID, r.TS)
			c.flow = sysflow.FileFlow{
				ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, EndTS: r.EndTS,
				FileOID: c.file.OID, FD: r.FD, Counters: r.Counters,
			}
			return &c.flow, file
		}
	case *sysflow.NetworkEvent:
		if e, ok := endpointsOf(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto); ok {
			file := c.carrier(e, r.ProcOID, r.TS)
			c.event = sysflow.FileEvent{
				ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags,
				FileOID: c.file.OID, Ret: r.Ret,
			}
			return &c.event, file
		}
	}
	return rec, nil
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
		Type: sysflow.FileIPv6, Path: path, ContainerID: container,
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
