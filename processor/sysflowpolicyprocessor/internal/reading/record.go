// Package reading takes SysFlow logs apart for the rules: each log record becomes a
// field.Record, each resource the description of a process with its container, pod and
// node. Texts are not copied, memory is reused from one to the next.
package reading

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// Records reads log records one after the other. The zero value is ready to use.
type Records struct {
	// Record is what was read last; it is valid until the next one is read. Its process
	// and node are left to the caller.
	Record field.Record
	// Ignored is how many attributes of SysFlow records were taken for missing so far.
	Ignored int64

	refused int64 // attributes of this record
	known   bool
	// Attributes that are looked at only if others are missing.
	ops, transport, raw          pcommon.Value
	hasOps, hasTransport, hasRaw bool

	// What the record points to.
	args        []string
	oid, newOID sysflow.FOID
}

// blank is a record of which nothing is known.
var blank = field.Record{
	FD:        sysflow.UnknownFD,
	Proto:     sysflow.ProtoUnknown,
	K8sKind:   sysflow.K8sUnknown,
	K8sAction: sysflow.K8sComponentUnknown,
}

// Read reads a log record. It returns the kind of record, false if the log is not SysFlow.
func (s *Records) Read(lr plog.LogRecord) (sysflow.Kind, bool) {
	s.Record = blank
	s.known, s.hasOps, s.hasTransport, s.hasRaw = false, false, false, false
	s.refused = 0
	s.setAll(lr.Attributes())
	if !s.known {
		return 0, false
	}
	if s.hasRaw {
		if s.raw.Type() == pcommon.ValueTypeMap {
			s.setAll(s.raw.Map())
		} else {
			s.refused++
		}
	}
	s.finish(lr)
	s.Ignored += s.refused
	return s.Record.Kind, true
}

func (s *Records) setAll(m pcommon.Map) {
	for k, v := range m.All() {
		if !s.set(k, v) {
			s.refused++
		}
	}
}

// set takes over an attribute. It returns false for a value that cannot be.
func (s *Records) set(key string, v pcommon.Value) bool {
	r := &s.Record
	switch key {
	case plogs.KeyType:
		s.setKind(v.Str())
	case plogs.KeyOpFlags:
		return putInt64(v, &r.Ops)
	case plogs.KeyOrigin:
		return putOrigin(v, &r.Origin)
	case plogs.KeyOps:
		s.ops, s.hasOps = v, true
	case plogs.KeyEndTS:
		return putInt64(v, &r.EndTS)
	case plogs.KeyThreadID:
		return putInt64(v, &r.TID)
	case plogs.KeyFilePath:
		return putText(v, &r.File.Path)
	case plogs.KeyFileType:
		return putFileType(v, &r.File.Type)
	case plogs.KeyOpenFlags:
		return putInt32(v, &r.OpenFlags)
	case plogs.KeyFD:
		return putInt32(v, &r.FD)
	case plogs.KeyReadOps:
		return putInt64(v, &r.NumRRecvOps)
	case plogs.KeyReadBytes:
		return putInt64(v, &r.NumRRecvBytes)
	case plogs.KeyWriteOps:
		return putInt64(v, &r.NumWSendOps)
	case plogs.KeyWriteBytes:
		return putInt64(v, &r.NumWSendBytes)
	case plogs.KeySourceAddress:
		return putAddr(v, &r.SIP)
	case plogs.KeySourcePort:
		return putInt32(v, &r.SPort)
	case plogs.KeyDestAddress:
		return putAddr(v, &r.DIP)
	case plogs.KeyDestPort:
		return putInt32(v, &r.DPort)
	case plogs.KeyProto:
		return putInt32(v, &r.Proto)
	case plogs.KeyTransport:
		s.transport, s.hasTransport = v, true
	default:
		return s.setRare(key, v)
	}
	return true
}

// setRare takes over attributes that few records have.
func (s *Records) setRare(key string, v pcommon.Value) bool {
	r := &s.Record
	switch key {
	case plogs.KeyRet:
		r.HasRet = putInt32(v, &r.Ret)
		return r.HasRet
	case plogs.KeyArgs:
		ok := putTexts(v, &s.args)
		r.Args = s.args
		return ok
	case plogs.KeyFileOID:
		if !putOID(v, &s.oid) {
			return false
		}
		r.File.OID = &s.oid
	case plogs.KeyNewPath:
		return putText(v, &r.NewFile.Path)
	case plogs.KeyNewType:
		return putFileType(v, &r.NewFile.Type)
	case plogs.KeyNewOID:
		if !putOID(v, &s.newOID) {
			return false
		}
		r.NewFile.OID = &s.newOID
	case plogs.KeyK8sKind:
		return putEnum(v, sysflow.ParseK8sComponent, &r.K8sKind)
	case plogs.KeyK8sAction:
		return putEnum(v, sysflow.ParseK8sAction, &r.K8sAction)
	case plogs.KeyK8sMessage:
		return putText(v, &r.K8sMessage)
	case plogs.KeyRaw:
		s.raw, s.hasRaw = v, true
	}
	return true
}

// setKind names the most frequent kinds first.
func (s *Records) setKind(name string) {
	switch name {
	case "FF":
		s.Record.Kind, s.known = sysflow.KindFileFlow, true
	case "NF":
		s.Record.Kind, s.known = sysflow.KindNetworkFlow, true
	default:
		s.Record.Kind, s.known = sysflow.ParseKind(name)
	}
}

// finish fills in what other attributes say, where the exact ones are missing.
func (s *Records) finish(lr plog.LogRecord) {
	r := &s.Record
	ts := lr.Timestamp()
	if ts == 0 {
		ts = lr.ObservedTimestamp()
	}
	r.TS = int64(ts)
	if r.Ops == 0 && s.hasOps {
		if ops, err := sysflow.ParseOpFlags(s.ops.Str()); err == nil && s.ops.Type() == pcommon.ValueTypeStr {
			r.Ops = ops
		} else {
			s.refused++
		}
	}
	untyped(&r.File)
	untyped(&r.NewFile)
	if r.Proto == sysflow.ProtoUnknown && s.hasTransport {
		if s.transport.Type() != pcommon.ValueTypeStr {
			s.refused++ // names of other protocols are no mistake
		}
		r.Proto = protocol(s.transport.Str())
	}
	r.Complete()
}

// untyped gives a file of which only the path is known the type for that.
func untyped(f *field.File) {
	if f.Type == 0 && f.Path != "" {
		f.Type = sysflow.FileUnknown
	}
}

// protocol is the number of a transport protocol that network.transport names.
func protocol(name string) int32 {
	switch strings.ToLower(name) {
	case "tcp":
		return sysflow.ProtoTCP
	case "udp":
		return sysflow.ProtoUDP
	case "icmp":
		return sysflow.ProtoICMP
	}
	return sysflow.ProtoUnknown
}
