package sysflow

import "net/netip"

// SchemaVersion is the version that this project writes into headers.
const SchemaVersion = 5

// Kind names a record type. Its value is the branch index of the record in the
// union of the SysFlow schema, so it must never be renumbered.
type Kind uint8

// The twelve record kinds of schema version 5.
const (
	KindHeader Kind = iota
	KindContainer
	KindProcess
	KindFile
	KindProcessEvent
	KindNetworkFlow
	KindFileFlow
	KindFileEvent
	KindNetworkEvent
	KindProcessFlow
	KindPod
	KindK8sEvent

	// NumKinds is the number of record kinds.
	NumKinds = 12
)

var kindNames = [NumKinds]string{"H", "C", "P", "F", "PE", "NF", "FF", "FE", "NE", "PF", "POD", "KE"}

// String returns the short name that SysFlow's tools print: "PE", "FF", ...
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "?"
}

// ParseKind is the inverse of Kind.String.
func ParseKind(name string) (Kind, bool) {
	for i, n := range kindNames {
		if n == name {
			return Kind(i), true
		}
	}
	return 0, false
}

// IsEntity reports whether records of this kind describe something that exists
// (header, container, pod, process, file) rather than something that happened.
func (k Kind) IsEntity() bool {
	return k <= KindFile || k == KindPod
}

// Record is one of the twelve SysFlow records, always as a pointer.
type Record interface {
	Kind() Kind
}

// Header opens a trace and names its origin.
type Header struct {
	Version  int64
	Exporter string
	IP       string
	Filename string
}

// Container describes a container. PodID is empty outside of a pod.
type Container struct {
	ID         string
	Name       string
	Image      string
	ImageID    string
	Type       ContainerType
	Privileged bool
	PodID      string
}

// Process describes a process (thread group) from TS on.
type Process struct {
	State ObjectState
	OID   OID
	// POID identifies the parent, nil when unknown.
	POID *OID
	TS   int64
	Exe  string
	// ExeArgs are the arguments without argv[0], joined by one space.
	ExeArgs string
	// UID and GID are the effective ids, UnknownID when unknown.
	UID       int32
	UserName  string
	GID       int32
	GroupName string
	// TTY tells whether there is a controlling terminal.
	TTY bool
	// ContainerID is empty on the host.
	ContainerID string
	// Entry tells whether the process is the first of its pid namespace.
	Entry bool
	// CWD ends in a slash, and is empty when unknown.
	CWD string
	// Env holds KEY=VALUE strings.
	Env []string
}

// UnknownID stands for a user or group id that is not known.
const UnknownID int32 = -1

// File describes a file, directory, pipe or unix socket.
type File struct {
	State ObjectState
	OID   FOID
	TS    int64
	Type  FileType
	Path  string
	// ContainerID is empty on the host.
	ContainerID string
}

// ProcessEvent is a life-cycle event of a process or thread. OpFlags has exactly
// one bit set; Ret is the system call's result, or the wait status for OpExit.
type ProcessEvent struct {
	ProcOID OID
	TS      int64
	TID     int64
	OpFlags OpFlags
	Args    []string
	Ret     int32
}

// NetworkFlow sums up the traffic of one socket and peer. The source is the
// initiator of the connection, on both ends. OpFlags collects all operations.
type NetworkFlow struct {
	ProcOID OID
	TS      int64
	TID     int64
	OpFlags OpFlags
	EndTS   int64
	SIP     netip.Addr
	SPort   int32
	DIP     netip.Addr
	DPort   int32
	Proto   int32
	FD      int32
	Counters
}

// FileFlow sums up the use of one file by one process through one descriptor.
type FileFlow struct {
	ProcOID   OID
	TS        int64
	TID       int64
	OpFlags   OpFlags
	OpenFlags OpenFlags
	EndTS     int64
	FileOID   FOID
	FD        int32
	Counters
}

// Counters are the totals of a flow: operations that read or received, that
// wrote or sent, and the bytes they moved.
type Counters struct {
	NumRRecvOps   int64
	NumWSendOps   int64
	NumRRecvBytes int64
	NumWSendBytes int64
}

// FileEvent is an operation on a name: mkdir, unlink, rename, ... OpFlags has
// exactly one bit set; NewFileOID is set for operations with two names.
type FileEvent struct {
	ProcOID    OID
	TS         int64
	TID        int64
	OpFlags    OpFlags
	FileOID    FOID
	Ret        int32
	NewFileOID *FOID
}

// NetworkEvent is a single operation on a socket.
type NetworkEvent struct {
	ProcOID OID
	TS      int64
	TID     int64
	OpFlags OpFlags
	SIP     netip.Addr
	SPort   int32
	DIP     netip.Addr
	DPort   int32
	Proto   int32
	Ret     int32
}

// ProcessFlow sums up the threads of a process: created, ended, failed.
type ProcessFlow struct {
	ProcOID          OID
	TS               int64
	NumThreadsCloned int64
	OpFlags          OpFlags
	EndTS            int64
	NumThreadsExited int64
	NumCloneErrors   int64
}

// Pod describes a Kubernetes pod. Addresses are IPv4 octets in the same order as
// in network flows, see IPv4ToInt32, but unsigned.
type Pod struct {
	TS           int64
	ID           string
	Name         string
	NodeName     string
	HostIP       []int64
	InternalIP   []int64
	Namespace    string
	RestartCount int64
	Labels       map[string]string
	Selectors    map[string]string
	Services     []Service
}

// Service is a Kubernetes service that selects a pod.
type Service struct {
	Name      string
	ID        string
	Namespace string
	PortList  []Port
	ClusterIP []int64
}

// Port is one port of a service.
type Port struct {
	Port       int32
	TargetPort int32
	NodePort   int32
	Proto      string
}

// K8sEvent is a change of a Kubernetes object; Message is its JSON.
type K8sEvent struct {
	ComponentKind K8sComponent
	Action        K8sAction
	TS            int64
	Message       string
}

// Kind implements Record.
func (*Header) Kind() Kind { return KindHeader }

// Kind implements Record.
func (*Container) Kind() Kind { return KindContainer }

// Kind implements Record.
func (*Process) Kind() Kind { return KindProcess }

// Kind implements Record.
func (*File) Kind() Kind { return KindFile }

// Kind implements Record.
func (*ProcessEvent) Kind() Kind { return KindProcessEvent }

// Kind implements Record.
func (*NetworkFlow) Kind() Kind { return KindNetworkFlow }

// Kind implements Record.
func (*FileFlow) Kind() Kind { return KindFileFlow }

// Kind implements Record.
func (*FileEvent) Kind() Kind { return KindFileEvent }

// Kind implements Record.
func (*NetworkEvent) Kind() Kind { return KindNetworkEvent }

// Kind implements Record.
func (*ProcessFlow) Kind() Kind { return KindProcessFlow }

// Kind implements Record.
func (*Pod) Kind() Kind { return KindPod }

// Kind implements Record.
func (*K8sEvent) Kind() Kind { return KindK8sEvent }
