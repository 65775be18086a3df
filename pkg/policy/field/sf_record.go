package field

import (
	"net/netip"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// RecordKind is the attribute with the kind of record.
const RecordKind = "sf.type"

// jsonSchemaVersion is the version of sf-processor's JSON export whose names these are.
const jsonSchemaVersion = 5

// sfRecord are the attributes of every record, as documented for SysFlow's policy language.
func sfRecord() []*Def {
	shape, record := group{SysFlow, ScopeShape}, group{SysFlow, ScopeRecord}
	return []*Def{
		shape.byKind(RecordKind, "kind of record", String, func(v *Value, kind sysflow.Kind, _ sysflow.OpFlags, _ bool) { v.setText(kind.String()) }).closed("PE", "FE", "NE", "PF", "FF", "NF", "KE"),
		shape.textsByKind("sf.opflags", "operations: OPEN, CLOSE, EXEC, ...; READ and WRITE of files, RECV and SEND of the network", opTexts),
		shape.texts("sf.origin", "ways by which the operations reached the kernel", originTexts).closed("syscall", "io_uring"),
		record.texts("sf.args", "arguments of an event: the user of SETUID, else `name=value`, as `sf.args = request=PTRACE_ATTACH`", func(to []string, r *Record) []string {
			return append(to, r.Args...)
		}).picked(OptionalKey, func(r *Record, arg Arg, v *Value) { v.Str, v.Present = r.arg(arg.Key) }),
		record.number("sf.ret", "result of an event, 0 for flows", func(r *Record) (int64, bool) { return int64(r.Ret), true }),
		record.number("sf.ts", "when it happened or the flow began, in ns since the epoch", func(r *Record) (int64, bool) { return r.TS, true }),
		record.number("sf.endts", "when the flow ended, in ns since the epoch", func(r *Record) (int64, bool) { return r.EndTS, r.EndTS != 0 }),
		record.def("sf.res", "the resource: a path, two paths (`old, new`), or `sip:sport-dip:dport`", String, func(r *Record, _ Arg, v *Value) {
			if !r.isNetwork() && r.NewFile.Path == "" {
				v.setText(plainPath(r.File.Path))
				return
			}
			v.Buf = appendResource(v.Buf[:0], r)
			v.setText(string(v.Buf))
		}),
		record.number("sf.flow.rbytes", "bytes read or received", flowCounter(func(c *sysflow.Counters) int64 { return c.NumRRecvBytes })),
		record.number("sf.flow.rops", "operations that read or received", flowCounter(func(c *sysflow.Counters) int64 { return c.NumRRecvOps })),
		record.number("sf.flow.wbytes", "bytes written or sent", flowCounter(func(c *sysflow.Counters) int64 { return c.NumWSendBytes })),
		record.number("sf.flow.wops", "operations that wrote or sent", flowCounter(func(c *sysflow.Counters) int64 { return c.NumWSendOps })),
		record.text("sf.node.id", "name of the host (the exporter of the trace)", func(r *Record) string { return r.node().Name }),
		record.address("sf.node.ip", "address of the host", nodeAddress),
		record.number("sf.schema.version", "version of the SysFlow schema", schemaVersion),
		record.number("sf.meta.schema", "version of the SysFlow schema", schemaVersion),
		record.text("sf.meta.tracename", "name of the trace file, without folder", func(r *Record) string { return baseName(r.node().TraceFile) }),
		shape.number("sf.version", "version of the JSON schema", func(*Record) (int64, bool) { return jsonSchemaVersion, true }),
		record.text("sf.ke.kind", "kind of Kubernetes object", ofK8s(k8sKind)).closed(symbols(sysflow.K8sUnknown)...),
		record.text("sf.ke.action", "what happened to it", ofK8s(k8sAction)).closed(symbols(sysflow.K8sComponentUnknown)...),
		record.text("sf.ke.message", "its description as JSON", ofK8s(func(r *Record) string { return r.K8sMessage })).structured(),
		record.unanswerable("sf.state", "state of an object, like CREATE", "there never was such an attribute; compare sf.opflags with the operation", String),
	}
}

// nodeAddress is invalid if the trace has no address, or something else in its place.
func nodeAddress(r *Record) netip.Addr {
	ip := r.node().IP
	if ip == "" {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(ip)
	return a
}

// originTexts are those of an operation, both of some flows.
func originTexts(to []string, r *Record) []string {
	if r.Kind == sysflow.KindK8sEvent {
		return to
	}
	if r.Origin == 0 || r.Origin&sysflow.OriginSyscall != 0 {
		to = append(to, "syscall")
	}
	if r.Origin&sysflow.OriginIOUring != 0 {
		to = append(to, "io_uring")
	}
	return to
}

func schemaVersion(r *Record) (int64, bool) {
	version := r.node().SchemaVersion
	return version, version != 0
}

// noNode answers for records without.
var noNode Node

func (r *Record) node() *Node {
	if r.Node == nil {
		return &noNode
	}
	return r.Node
}

func (r *Record) isNetwork() bool {
	return r.Kind == sysflow.KindNetworkFlow || r.Kind == sysflow.KindNetworkEvent
}

func ofK8s(get func(*Record) string) func(*Record) string {
	return func(r *Record) string {
		if r.Kind != sysflow.KindK8sEvent {
			return ""
		}
		return get(r)
	}
}

// k8sKind is empty for what the schema does not number.
func k8sKind(r *Record) string {
	if r.K8sKind > sysflow.K8sUnknown {
		return ""
	}
	return r.K8sKind.String()
}

func k8sAction(r *Record) string {
	if r.K8sAction > sysflow.K8sComponentUnknown {
		return ""
	}
	return r.K8sAction.String()
}

// symbols are those of an enumeration of the schema.
func symbols[E interface {
	~uint8
	String() string
}](last E) []string {
	var list []string
	for e := range last + 1 {
		list = append(list, e.String())
	}
	return list
}

func flowCounter(get func(*sysflow.Counters) int64) func(*Record) (int64, bool) {
	return func(r *Record) (int64, bool) {
		return get(&r.Counters), r.Kind == sysflow.KindFileFlow || r.Kind == sysflow.KindNetworkFlow
	}
}

// appendResource appends what sysprint shows in its column "res".
func appendResource(b []byte, r *Record) []byte {
	if r.isNetwork() {
		b = appendEnd(b, r.SIP, r.SPort)
		return appendEnd(append(b, '-'), r.DIP, r.DPort)
	}
	b = append(b, plainPath(r.File.Path)...)
	return append(append(b, ", "...), plainPath(r.NewFile.Path)...)
}

func appendEnd(b []byte, a netip.Addr, port int32) []byte {
	if !a.IsValid() {
		a = netip.IPv4Unspecified()
	}
	return strconv.AppendInt(append(a.AppendTo(b), ':'), int64(port), 10)
}
