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

// unknownFD is the descriptor where there is none.
const unknownFD = -1

// Records reads log records one after the other. The zero value is ready to use.
type Records struct {
	// Record is what was read last; it is valid until the next one is read. Its process
	// and node are left to the caller.
	Record field.Record

	known bool
	// Attributes that are looked at only if others are missing.
	ops, transport, raw          pcommon.Value
	hasOps, hasTransport, hasRaw bool

	// What the record points to.
	args        []string
	oid, newOID sysflow.FOID
}

// blank is a record of which nothing is known.
var blank = field.Record{
	FD:        unknownFD,
	Proto:     sysflow.ProtoUnknown,
	K8sKind:   sysflow.K8sUnknown,
	K8sAction: sysflow.K8sComponentUnknown,
}

// Read reads a log record. It returns the kind of record, false if the log is not SysFlow.
func (s *Records) Read(lr plog.LogRecord) (sysflow.Kind, bool) {
	s.Record = blank
	s.known, s.hasOps, s.hasTransport, s.hasRaw = false, false, false, false
	for k, v := range lr.Attributes().All() {
		s.set(k, v)
	}
	if !s.known {
		return 0, false
	}
	if s.hasRaw && s.raw.Type() == pcommon.ValueTypeMap {
		for k, v := range s.raw.Map().All() {
			s.set(k, v)
		}
	}
	s.finish(lr)
	return s.Record.Kind, true
}

// set takes over an attribute.
func (s *Records) set(key string, v pcommon.Value) {
	r := &s.Record
	switch key {
	case plogs.KeyType:
		s.setKind(v.Str())
	case plogs.KeyOpFlags:
		putInt32(v, &r.Ops)
	case plogs.KeyOps:
		s.ops, s.hasOps = v, true
	case plogs.KeyEndTS:
		putInt64(v, &r.EndTS)
	case plogs.KeyThreadID:
		putInt64(v, &r.TID)
	case plogs.KeyFilePath:
		putText(v, &r.File.Path)
	case plogs.KeyFileType:
		putFileType(v, &r.File.Type)
	case plogs.KeyOpenFlags:
		putInt32(v, &r.OpenFlags)
	case plogs.KeyFD:
		putInt32(v, &r.FD)
	case plogs.KeyReadOps:
		putInt64(v, &r.NumRRecvOps)
	case plogs.KeyReadBytes:
		putInt64(v, &r.NumRRecvBytes)
	case plogs.KeyWriteOps:
		putInt64(v, &r.NumWSendOps)
	case plogs.KeyWriteBytes:
		putInt64(v, &r.NumWSendBytes)
	case plogs.KeySourceAddress:
		putAddr(v, &r.SIP)
	case plogs.KeySourcePort:
		putInt32(v, &r.SPort)
	case plogs.KeyDestAddress:
		putAddr(v, &r.DIP)
	case plogs.KeyDestPort:
		putInt32(v, &r.DPort)
	case plogs.KeyProto:
		putInt32(v, &r.Proto)
	case plogs.KeyTransport:
		s.transport, s.hasTransport = v, true
	default:
		s.setRare(key, v)
	}
}

// setRare takes over attributes that few records have.
func (s *Records) setRare(key string, v pcommon.Value) {
	r := &s.Record
	switch key {
	case plogs.KeyRet:
		r.HasRet = putInt32(v, &r.Ret)
	case plogs.KeyArgs:
		putTexts(v, &s.args)
		r.Args = s.args
	case plogs.KeyFileOID:
		if putOID(v, &s.oid) {
			r.File.OID = &s.oid
		}
	case plogs.KeyNewPath:
		putText(v, &r.NewFile.Path)
	case plogs.KeyNewType:
		putFileType(v, &r.NewFile.Type)
	case plogs.KeyNewOID:
		if putOID(v, &s.newOID) {
			r.NewFile.OID = &s.newOID
		}
	case plogs.KeyK8sKind:
		putEnum(v, sysflow.ParseK8sComponent, &r.K8sKind)
	case plogs.KeyK8sAction:
		putEnum(v, sysflow.ParseK8sAction, &r.K8sAction)
	case plogs.KeyK8sMessage:
		putText(v, &r.K8sMessage)
	case plogs.KeyRaw:
		s.raw, s.hasRaw = v, true
	}
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
		if ops, err := sysflow.ParseOpFlags(s.ops.Str()); err == nil {
			r.Ops = ops
		}
	}
	untyped(&r.File)
	untyped(&r.NewFile)
	if r.Proto == sysflow.ProtoUnknown && s.hasTransport {
		r.Proto = protocol(s.transport.Str())
	}
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
