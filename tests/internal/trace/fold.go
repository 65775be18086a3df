package trace

import (
	"fmt"
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Folder makes lines of records: it joins events to their entities and the parts of a
// flow to a whole. Along the way it checks what must hold for any trace.
type Folder struct {
	// Keep selects the processes to look at; nil is all.
	Keep func(*sysflow.Process) bool

	table sysflow.Table
	lines []Line
	open  map[flowKey]*part
	order []flowKey
	// Problems are breaches of the format's rules.
	Problems []string
	// Kinds counts the records.
	Kinds [sysflow.NumKinds]int
}

// flowKey names a flow that is being put together.
type flowKey struct {
	kind                sysflow.Kind
	oid                 sysflow.OID
	fd                  int32
	file                sysflow.FOID
	source, destination netip.AddrPort
	proto               int32
}

// part is a flow as far as it is known.
type part struct {
	tid, from, until       int64
	ops                    sysflow.OpFlags
	open                   sysflow.OpenFlags
	c                      sysflow.Counters
	origin                 sysflow.Origin
	cloned, exited, failed int64
	records                int
}

const endMarks = sysflow.OpClose | sysflow.OpTruncate

// Add takes the next record. The folder keeps entities but no events and flows.
func (f *Folder) Add(rec sysflow.Record) {
	f.Kinds[rec.Kind()]++
	if f.table.Put(rec) {
		if file, ok := rec.(*sysflow.File); ok && file.OID != sysflow.NewFOID(file.ContainerID, file.Path) {
			f.problem("the id of file %q is not the hash of its path", file.Path)
		}
		return
	}
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		f.processEvent(r)
	case *sysflow.FileEvent:
		f.fileEvent(r)
	case *sysflow.NetworkEvent:
		f.networkEvent(r)
	case *sysflow.FileFlow:
		key := flowKey{kind: r.Kind(), oid: r.ProcOID, fd: r.FD, file: r.FileOID}
		f.flow(key, part{
			tid: r.TID, from: r.TS, until: r.EndTS, ops: r.OpFlags, open: r.OpenFlags, c: r.Counters,
			origin: r.Origin,
		})
	case *sysflow.NetworkFlow:
		key := flowKey{
			kind: r.Kind(), oid: r.ProcOID, fd: r.FD, proto: r.Proto,
			source:      netip.AddrPortFrom(r.SIP, uint16(r.SPort)),
			destination: netip.AddrPortFrom(r.DIP, uint16(r.DPort)),
		}
		f.flow(key, part{tid: r.TID, from: r.TS, until: r.EndTS, ops: r.OpFlags, c: r.Counters, origin: r.Origin})
	case *sysflow.ProcessFlow:
		f.flow(flowKey{kind: r.Kind(), oid: r.ProcOID}, part{
			from: r.TS, until: r.EndTS, ops: r.OpFlags,
			cloned: r.NumThreadsCloned, exited: r.NumThreadsExited, failed: r.NumCloneErrors,
		})
	case *sysflow.Gap:
		// what else runs on this host may lose something; tests that mind look at the counters
	default:
		f.problem("a record of kind %v was not expected", rec.Kind())
	}
}

func (f *Folder) problem(format string, args ...any) {
	f.Problems = append(f.Problems, fmt.Sprintf(format, args...))
}

// process returns the process of an event, nil when it is not to be looked at.
func (f *Folder) process(oid sysflow.OID, kind sysflow.Kind) *sysflow.Process {
	p := f.table.Process(oid)
	if p == nil {
		f.problem("a %v of process %v comes before the process", kind, oid)
		return nil
	}
	if f.Keep != nil && !f.Keep(p) {
		return nil
	}
	return p
}

func (f *Folder) processEvent(r *sysflow.ProcessEvent) {
	p := f.process(r.ProcOID, r.Kind())
	if p == nil {
		return
	}
	about := Process{
		Exe: p.Exe, Args: p.ExeArgs, UID: p.UID, GID: p.GID, User: p.UserName, Entry: p.Entry, CWD: p.CWD,
	}
	if p.POID != nil {
		about.Parent = p.POID.HPID
		if f.table.Process(*p.POID) == nil {
			f.problem("process %v comes without its parent %v", p.OID, *p.POID)
		}
	}
	text := EventText(r.OpFlags, r.TID, int64(r.Ret), r.Args, about)
	f.add(r.ProcOID, text, r.TS, 0)
}

func (f *Folder) fileEvent(r *sysflow.FileEvent) {
	if f.process(r.ProcOID, r.Kind()) == nil {
		return
	}
	path, newPath := f.path(r.FileOID), ""
	if r.NewFileOID != nil {
		newPath = f.path(*r.NewFileOID)
	}
	f.add(r.ProcOID, NameText(r.OpFlags, r.TID, path, newPath, int64(r.Ret), r.Args, r.Origin), r.TS, 0)
}

func (f *Folder) networkEvent(r *sysflow.NetworkEvent) {
	if f.process(r.ProcOID, r.Kind()) == nil {
		return
	}
	source, destination := netip.AddrPortFrom(r.SIP, uint16(r.SPort)), netip.AddrPortFrom(r.DIP, uint16(r.DPort))
	f.add(r.ProcOID, SocketEventText(r.OpFlags, r.TID, r.FD, r.Proto, source, destination, int64(r.Ret), r.Args, r.Origin), r.TS, 0)
}

func (f *Folder) path(id sysflow.FOID) string {
	file := f.table.File(id)
	if file == nil {
		f.problem("file %v is referred to before its record", id)
		return id.String()
	}
	return file.Path
}

// flow adds a part of a flow; the last one has an end mark.
func (f *Folder) flow(key flowKey, p part) {
	if f.process(key.oid, key.kind) == nil {
		return
	}
	if p.until < p.from || p.ops == 0 || p.ops == sysflow.OpTruncate {
		f.problem("a flow of %v has times %d..%d and operations %q", key.oid, p.from, p.until, p.ops)
	}
	if f.open == nil {
		f.open = make(map[flowKey]*part)
	}
	q := f.open[key]
	if q == nil {
		q = &p
		f.open[key] = q
		f.order = append(f.order, key)
	} else {
		// there is a pause where nothing happened between two looks at the flow
		if p.from < q.until {
			f.problem("the next part of flow %+v begins %d ns before the end of the one before", key, q.until-p.from)
		}
		q.until, q.ops, q.origin = p.until, q.ops|p.ops, p.origin
		q.c.NumRRecvOps += p.c.NumRRecvOps
		q.c.NumWSendOps += p.c.NumWSendOps
		q.c.NumRRecvBytes += p.c.NumRRecvBytes
		q.c.NumWSendBytes += p.c.NumWSendBytes
		q.cloned, q.exited, q.failed = q.cloned+p.cloned, q.exited+p.exited, q.failed+p.failed
	}
	q.records++
	if p.ops&endMarks != 0 {
		f.finish(key, q)
		delete(f.open, key)
	}
}

func (f *Folder) finish(key flowKey, p *part) {
	var text string
	switch key.kind {
	case sysflow.KindFileFlow:
		path, typ := f.path(key.file), "?"
		if file := f.table.File(key.file); file != nil {
			typ = file.Type.String()
		}
		text = FileText(p.tid, key.fd, typ, path, p.ops, p.open, p.c, p.origin)
	case sysflow.KindNetworkFlow:
		text = SocketText(p.tid, key.fd, key.proto, key.source, key.destination, p.ops, p.c, p.origin)
	default:
		text = ThreadsText(p.ops, p.cloned, p.exited, p.failed)
	}
	f.add(key.oid, text, p.from, p.until)
}

func (f *Folder) add(oid sysflow.OID, text string, from, until int64) {
	f.lines = append(f.lines, Line{
		PID: oid.HPID, Text: text, From: from, Until: from, EndFrom: until, EndUntil: until,
		BornFrom: oid.CreateTS, BornUntil: oid.CreateTS,
	})
}

// Lines ends the folding and returns the lines; flows without an end (process flows
// never have one) come last.
func (f *Folder) Lines() []Line {
	for _, key := range f.order {
		if p := f.open[key]; p != nil {
			f.finish(key, p)
			delete(f.open, key)
		}
	}
	f.order = nil
	return f.lines
}
