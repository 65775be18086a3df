package plogs

import (
	"net/netip"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fields collects the attributes of a log record of any kind.
type fields struct {
	opFlags   sysflow.OpFlags
	endTS     int64
	tid       int64
	ret       int32
	args      []string
	fd        int32
	origin    sysflow.Origin
	openFlags sysflow.OpenFlags
	counters  sysflow.Counters

	file, newFile fileFields

	src, dst     netip.Addr
	sport, dport int32
	proto        int32
	transport    string

	threadsCloned, threadsExited, threadsFailed int64

	gapCause string
	gapCount int64

	k8sKind    sysflow.K8sComponent
	k8sAction  sysflow.K8sAction
	k8sMessage string

	pod sysflow.Pod

	rule      string
	ruleNames []string
	ruleSteps []string
}

// fileFields are the attributes of one of the two files of a record.
type fileFields struct {
	path, container string
	typ             sysflow.FileType
	state           sysflow.ObjectState
	ts              int64
	oid             sysflow.FOID

	described, hasState, hasTS, hasOID, hasContainer bool
}

func newFields() fields {
	unknown := fileFields{typ: sysflow.FileUnknown, state: sysflow.StateReup}
	return fields{
		fd: sysflow.UnknownFD, proto: sysflow.ProtoUnknown,
		k8sKind: sysflow.K8sUnknown, k8sAction: sysflow.K8sComponentUnknown,
		file: unknown, newFile: unknown,
	}
}

// set takes over an attribute. It reports false if the value cannot be right.
func (f *fields) set(key string, v pcommon.Value) bool {
	switch key {
	case KeyOpFlags:
		return asInt(v, &f.opFlags)
	case KeyEndTS:
		return asInt(v, &f.endTS)
	case KeyThreadID:
		return asInt(v, &f.tid)
	case KeyRet:
		return asInt(v, &f.ret)
	case KeyArgs:
		return asTexts(v, &f.args)
	case KeyFD:
		return asInt(v, &f.fd)
	case KeyOpenFlags:
		return asInt(v, &f.openFlags)
	case KeyReadOps:
		return asInt(v, &f.counters.NumRRecvOps)
	case KeyReadBytes:
		return asInt(v, &f.counters.NumRRecvBytes)
	case KeyWriteOps:
		return asInt(v, &f.counters.NumWSendOps)
	case KeyWriteBytes:
		return asInt(v, &f.counters.NumWSendBytes)
	}
	switch {
	case strings.HasPrefix(key, "sysflow.file.new_"):
		return f.newFile.set(&newFileKeys, key, v)
	case key == KeyFilePath || strings.HasPrefix(key, "sysflow.file."):
		return f.file.set(&fileKeys, key, v)
	case strings.HasPrefix(key, "sysflow.pod."):
		return f.setPod(key, v)
	}
	return f.setOther(key, v)
}

func (f *fields) setOther(key string, v pcommon.Value) bool {
	switch key {
	case KeySourceAddress:
		return asAddr(v, &f.src)
	case KeySourcePort:
		return asInt(v, &f.sport)
	case KeyDestAddress:
		return asAddr(v, &f.dst)
	case KeyDestPort:
		return asInt(v, &f.dport)
	case KeyProto:
		return asInt(v, &f.proto)
	case KeyTransport:
		return asText(v, &f.transport)
	case KeyRuleName:
		return asText(v, &f.rule)
	case KeyRuleNames:
		return asTexts(v, &f.ruleNames)
	case KeyRuleSteps:
		return asTexts(v, &f.ruleSteps)
	case KeyThreadsCloned:
		return asInt(v, &f.threadsCloned)
	case KeyThreadsExited:
		return asInt(v, &f.threadsExited)
	case KeyThreadsFailed:
		return asInt(v, &f.threadsFailed)
	case KeyOrigin:
		return asOrigin(v, &f.origin)
	case KeyGapCause:
		return asText(v, &f.gapCause)
	case KeyGapCount:
		return asInt(v, &f.gapCount)
	case KeyK8sKind:
		return asEnum(v, sysflow.ParseK8sComponent, &f.k8sKind)
	case KeyK8sAction:
		return asEnum(v, sysflow.ParseK8sAction, &f.k8sAction)
	case KeyK8sMessage:
		return asText(v, &f.k8sMessage)
	}
	return true
}

func (f *fileFields) set(keys *keysOfFile, key string, v pcommon.Value) bool {
	ok := true
	switch key {
	case keys.path:
		ok = asText(v, &f.path)
		f.described = f.described || ok
	case keys.typ:
		ok = asFileType(v, &f.typ)
		f.described = f.described || ok
	case keys.state:
		ok = asEnum(v, sysflow.ParseObjectState, &f.state)
		f.described, f.hasState = f.described || ok, ok
	case keys.ts:
		ok = asInt(v, &f.ts)
		f.hasTS = ok
	case keys.oid:
		ok = asFOID(v, &f.oid)
		f.hasOID = ok
	case keys.container:
		ok = asText(v, &f.container)
		f.hasContainer = ok
	}
	return ok
}

// protocol falls back to the standard attribute for logs that lack the exact one.
func (f *fields) protocol() int32 {
	if f.proto != sysflow.ProtoUnknown {
		return f.proto
	}
	proto, _ := sysflow.ParseProto(f.transport)
	return proto
}
