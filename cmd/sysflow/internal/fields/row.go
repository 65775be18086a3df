package fields

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Row is an event or flow with everything that it refers to. What is unknown is
// nil. A Row is meant to be reused: Set replaces everything.
type Row struct {
	// Index counts the rows from 0.
	Index     int64
	Header    *sysflow.Header
	Pod       *sysflow.Pod
	Container *sysflow.Container
	Process   *sysflow.Process
	Parent    *sysflow.Process
	// File and NewFile are the files of file flows and file events.
	File, NewFile *sysflow.File
	Event         sysflow.Record

	table *sysflow.Table
	common
	start, end isoClock
	scratch    []byte
}

// common is what several kinds of events and flows have, taken from the record
// once so that few fields need to know the kinds.
type common struct {
	kind      sysflow.Kind
	procOID   sysflow.OID
	ts        int64
	endTS     int64 // ts for what has no duration
	tid       int64
	ops       sysflow.OpFlags
	openFlags sysflow.OpenFlags
	ret       int32
	fd        int32
	args      []string
	origin    sysflow.Origin
	counters  *sysflow.Counters
	net       tuple
}

type tuple struct {
	sip, dip            netip.Addr
	sport, dport, proto int32
}

// Kind returns the kind of the row's event.
func (r *Row) Kind() sysflow.Kind { return r.kind }

// Span returns when the event began and ended; both are the same for what has no duration.
func (r *Row) Span() (begin, end int64) { return r.ts, max(r.ts, r.endTS) }

// Set makes the row that of ev, with its entities as t knows them.
func (r *Row) Set(t *sysflow.Table, ev sysflow.Record) {
	r.Event, r.table, r.Header = ev, t, t.Header()
	r.Pod, r.Container, r.Process, r.Parent, r.File, r.NewFile = nil, nil, nil, nil, nil, nil
	r.common = common{kind: ev.Kind()}
	switch e := ev.(type) {
	case *sysflow.ProcessEvent:
		r.procOID, r.ts, r.endTS, r.tid, r.ops, r.ret = e.ProcOID, e.TS, e.TS, e.TID, e.OpFlags, e.Ret
		r.args = e.Args
	case *sysflow.FileEvent:
		r.procOID, r.ts, r.endTS, r.tid, r.ops, r.ret = e.ProcOID, e.TS, e.TS, e.TID, e.OpFlags, e.Ret
		r.args, r.origin = e.Args, e.Origin
		r.File = t.File(e.FileOID)
		if e.NewFileOID != nil {
			r.NewFile = t.File(*e.NewFileOID)
		}
	case *sysflow.NetworkEvent:
		r.procOID, r.ts, r.endTS, r.tid, r.ops, r.ret = e.ProcOID, e.TS, e.TS, e.TID, e.OpFlags, e.Ret
		r.fd, r.args, r.origin = e.FD, e.Args, e.Origin
		r.net = tuple{sip: e.SIP, dip: e.DIP, sport: e.SPort, dport: e.DPort, proto: e.Proto}
	case *sysflow.FileFlow:
		r.procOID, r.ts, r.endTS, r.tid, r.ops = e.ProcOID, e.TS, e.EndTS, e.TID, e.OpFlags
		r.fd, r.openFlags, r.counters, r.origin = e.FD, e.OpenFlags, &e.Counters, e.Origin
		r.File = t.File(e.FileOID)
	case *sysflow.NetworkFlow:
		r.procOID, r.ts, r.endTS, r.tid, r.ops = e.ProcOID, e.TS, e.EndTS, e.TID, e.OpFlags
		r.fd, r.counters, r.origin = e.FD, &e.Counters, e.Origin
		r.net = tuple{sip: e.SIP, dip: e.DIP, sport: e.SPort, dport: e.DPort, proto: e.Proto}
	case *sysflow.ProcessFlow:
		r.procOID, r.ts, r.endTS, r.ops = e.ProcOID, e.TS, e.EndTS, e.OpFlags
	case *sysflow.K8sEvent:
		r.ts, r.endTS = e.TS, e.TS
		return
	case *sysflow.Gap:
		r.ts, r.endTS = e.TS, e.EndTS
		return
	}
	r.join(t)
}

// join looks up the process and what it belongs to.
func (r *Row) join(t *sysflow.Table) {
	if r.Process = t.Process(r.procOID); r.Process == nil {
		return
	}
	r.Parent = t.Parent(r.Process)
	if r.Container = t.Container(r.Process.ContainerID); r.Container != nil {
		r.Pod = t.Pod(r.Container.PodID)
	}
}
