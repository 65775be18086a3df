package lineage

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fill makes rec the record of the stream; it reports false for what is no event or flow.
func (s *Stream) fill(rec sysflow.Record) bool {
	s.record = field.Record{Kind: rec.Kind(), FD: sysflow.UnknownFD, Proto: sysflow.ProtoUnknown, Node: s.node}
	switch r := rec.(type) {
	case *sysflow.ProcessEvent:
		s.event(r.ProcOID, r.TS, r.TID, r.OpFlags, r.Ret)
		s.record.Args = r.Args
	case *sysflow.FileEvent:
		s.event(r.ProcOID, r.TS, r.TID, r.OpFlags, r.Ret)
		s.record.File, s.record.NewFile = s.file(&r.FileOID), s.file(r.NewFileOID)
		s.record.Args, s.record.Origin = r.Args, r.Origin
	case *sysflow.NetworkEvent:
		s.event(r.ProcOID, r.TS, r.TID, r.OpFlags, r.Ret)
		s.record.SIP, s.record.SPort, s.record.DIP, s.record.DPort = r.SIP, r.SPort, r.DIP, r.DPort
		s.record.Proto, s.record.FD = r.Proto, r.FD
		s.record.Args, s.record.Origin = r.Args, r.Origin
	case *sysflow.ProcessFlow:
		s.flow(r.ProcOID, r.TS, r.EndTS, 0, r.OpFlags)
	case *sysflow.FileFlow:
		s.flow(r.ProcOID, r.TS, r.EndTS, r.TID, r.OpFlags)
		s.record.File, s.record.FD = s.file(&r.FileOID), r.FD
		s.record.OpenFlags, s.record.Counters, s.record.Origin = r.OpenFlags, r.Counters, r.Origin
	case *sysflow.NetworkFlow:
		s.flow(r.ProcOID, r.TS, r.EndTS, r.TID, r.OpFlags)
		s.record.SIP, s.record.SPort, s.record.DIP, s.record.DPort = r.SIP, r.SPort, r.DIP, r.DPort
		s.record.Proto = r.Proto
		s.record.FD, s.record.Counters, s.record.Origin = r.FD, r.Counters, r.Origin
	case *sysflow.K8sEvent:
		s.record.TS = r.TS
		s.record.K8sKind, s.record.K8sAction, s.record.K8sMessage = r.ComponentKind, r.Action, r.Message
	default:
		return false
	}
	s.record.Complete()
	return true
}

func (s *Stream) event(proc sysflow.OID, ts, tid int64, ops sysflow.OpFlags, ret int32) {
	r := &s.record
	r.Process, r.TS, r.TID, r.Ops, r.Ret, r.HasRet = s.process(proc), ts, tid, ops, ret, true
}

func (s *Stream) flow(proc sysflow.OID, ts, endTS, tid int64, ops sysflow.OpFlags) {
	r := &s.record
	r.Process, r.TS, r.EndTS, r.TID, r.Ops = s.process(proc), ts, endTS, tid, ops
}
