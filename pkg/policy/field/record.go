// Package field says what a rule can ask: the attributes of SysFlow policies (sf.*) and the
// fields of Falco (proc.*, fd.*, evt.*, ...), what each means for a SysFlow record, and
// which of them SysFlow cannot answer.
package field

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Record is one event or flow as rules see it. It is plain data: whoever has a SysFlow
// record or a log fills it, and may use the same one for the next. What comments leave to some kinds,
// others do not have: that is what package reach proves with.
type Record struct {
	// Kind is never that of an entity.
	Kind sysflow.Kind
	Ops  sysflow.OpFlags
	// TS is when it happened or the flow began, EndTS when the flow ended (0 for events),
	// in nanoseconds since the epoch.
	TS, EndTS int64
	TID       int64
	// Ret is the result of events (PE, FE, NE); HasRet is false for flows.
	Ret    int32
	HasRet bool
	// Args are those of events: the user for SETUID, else "name=value".
	Args []string
	// FD is -1 where there is none.
	FD int32
	// Origin is zero where all came by system calls.
	Origin sysflow.Origin
	// File is that of FE and FF, NewFile the second one of FE; an empty path means none.
	File, NewFile File
	// OpenFlags are those of FF, and of opens that failed, see Complete.
	OpenFlags sysflow.OpenFlags

	// Of NE and NF; invalid addresses where there are none. The source began the connection.
	SIP, DIP     netip.Addr
	SPort, DPort int32
	// Proto is the IANA number, sysflow.ProtoUnknown where there is none.
	Proto int32
	// Counters are those of FF and NF.
	sysflow.Counters

	// Of KE.
	K8sKind    sysflow.K8sComponent
	K8sAction  sysflow.K8sAction
	K8sMessage string

	// Process is nil where it is not known, and of KE.
	Process *Process
	// Node is never nil.
	Node *Node
}

// File is the file of a record.
type File struct {
	Path string
	Type sysflow.FileType
	// OID is what the SHA-1 of container id and path is; nil unless the source has it at hand.
	OID *sysflow.FOID
}

// Node is the host that was watched, and the trace.
type Node struct {
	// Name is the exporter of the trace's header.
	Name, IP string
	// SchemaVersion is that of the header, TraceFile its file name.
	SchemaVersion int64
	TraceFile     string
}

// Process is a process as it is known now, with its ancestors.
type Process struct {
	sysflow.Process
	// Parent is nil where it is not known.
	Parent *Process
	// Container is nil on the host, and where only its id is known.
	Container *sysflow.Container
	Pod       *sysflow.Pod
	Node      *Node
	// Version grows with every change of what is above, of this process alone.
	Version uint64
	// Memo belongs to whoever evaluates rules.
	Memo Memo

	texts commandLines
}

// Memo is what an evaluator remembers of a process: the class of processes it belongs to,
// valid while the process and its ancestors are the same.
type Memo struct {
	Owner   uint64
	Version uint64
	Epoch   uint32
	Class   uint32
}

// Changed must be called after a change of what the process looks like.
func (p *Process) Changed() {
	p.Version++
}

// MaxAncestors bounds the walk to the root of the process tree; damaged input may hold cycles.
// Nothing further up is seen by anybody.
const MaxAncestors = 64

// LineageVersion changes whenever the process or one of its ancestors does, or when an
// ancestor is another one.
func (p *Process) LineageVersion() uint64 {
	const odd = 0x9e3779b97f4a7c15 // a sum alone would hide that one version grew and another is smaller
	var v uint64
	for i := 0; p != nil && i < MaxAncestors; i++ {
		v = (v + p.Version + 1) * odd
		p = p.Parent
	}
	return v
}
