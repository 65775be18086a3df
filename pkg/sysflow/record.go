package sysflow

import "net/netip"

// Versions of the schema that this project writes. SchemaV6 is an extension of its own: it only
// appends fields that have defaults, so that a reader of version 5 resolves it.
const (
	SchemaV5 = 5
	SchemaV6 = 6
)

// SchemaVersion is the version in headers of records that are not in a file yet; what a file is written
// in is its writer's choice.
const SchemaVersion = SchemaV5

// Kind names a record type. Up to KindK8sEvent its value is the branch index of the record
// in the union of the SysFlow schema, so it must never be renumbered.
type Kind uint8

// The twelve record kinds of the schema, and KindGap, which travels as a KindK8sEvent.
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
	KindGap

	// NumKinds is the number of record kinds.
	NumKinds = 13
)

var kindNames = [NumKinds]string{"H", "C", "P", "F", "PE", "NF", "FF", "FE", "NE", "PF", "POD", "KE", "GAP"}

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

// Record is one of the SysFlow records, always as a pointer.
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
	// Runtime names the runtime, where Type has no symbol for it: "podman". Since version 6.
	Runtime string
	// ImageDigest is the digest in the registry, "sha256:...". Since version 6.
	ImageDigest string
	// Labels are those of the container, not of its pod. Since version 6.
	Labels map[string]string
	// Mounts are what the container sees of the host. Since version 6.
	Mounts []Mount
}

// Mount is a directory, file or volume that a container sees.
type Mount struct {
	Source      string
	Destination string
	// Mode is as the runtime gives it: "", "ro", "z", ...
	Mode string
	// RW tells whether the container may write to it.
	RW bool
	// Propagation is "rprivate", "rshared", ...
	Propagation string
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
	// Details is what only version 6 can say, nil when it is not known.
	Details *ProcessDetails
}

// ProcessDetails describes a process further. Since version 6.
type ProcessDetails struct {
	// Comm is the name of the leader's task, at most 15 bytes.
	Comm string
	// Argv0 is the first argument, which the program was called as.
	Argv0 string
	// ExeFlags tells about the executable file, and ExeIno, ExeCTime and ExeMTime are its inode
	// and the times of its last change of status and content in nanoseconds since the epoch.
	ExeFlags ExeFlags
	ExeIno   int64
	ExeCTime int64
	ExeMTime int64
	// CapPermitted, CapEffective and CapInheritable are sets of capabilities, a bit each as
	// capabilities(7) numbers them.
	CapPermitted   int64
	CapEffective   int64
	CapInheritable int64
	// Ids besides the effective ones.
	RealUID  int32
	SavedUID int32
	RealGID  int32
	SavedGID int32
	// LoginUID is the user that logged in, UnknownID for a process that no login started.
	LoginUID  int32
	LoginUser string
	// SID and PGID are session and process group in the host's pid namespace; VPID, VSID and VPGID
	// process, session and group in the process's own.
	SID   int32
	PGID  int32
	VPID  int32
	VSID  int32
	VPGID int32
	// Namespaces are the inode numbers of the process's namespaces.
	Namespaces Namespaces
}

// NewProcessDetails returns the details of a process of which nothing is known.
func NewProcessDetails() *ProcessDetails {
	return &ProcessDetails{
		RealUID: UnknownID, SavedUID: UnknownID, RealGID: UnknownID, SavedGID: UnknownID, LoginUID: UnknownID,
	}
}

// Namespaces names the namespaces of a process by their inode numbers, which are those that
// /proc/PID/ns shows; 0 is unknown.
type Namespaces struct {
	Cgroup, IPC, Mnt, Net, PID, User, UTS int64
}

// ExeFlags tells about the executable of a process.
type ExeFlags int32

// Flags of an executable.
const (
	// ExeWritable: the process's user may write to it.
	ExeWritable ExeFlags = 1 << 0
	// ExeUpperLayer: it is in the upper layer of an overlay file system, so it was added or
	// changed after its image was built.
	ExeUpperLayer ExeFlags = 1 << 1
	// ExeLowerLayer: it is in a lower layer of one.
	ExeLowerLayer ExeFlags = 1 << 2
	// ExeMemfd: it has no place in any file system.
	ExeMemfd ExeFlags = 1 << 3
)

// Origin tells by which way operations reached the kernel. The zero value is that of all
// operations by system calls.
type Origin int32

// Origins, which a flow may have several of.
const (
	OriginSyscall Origin = 1 << 0
	OriginIOUring Origin = 1 << 1
)

// UnknownID stands for a user or group id that is not known.
const UnknownID int32 = -1

// UnknownFD stands for a file descriptor that is not known.
const UnknownFD int32 = -1

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

// ProcessEvent is a life-cycle event of a process or thread, or another operation on one. OpFlags
// has exactly one bit set; Ret is the system call's result, or the wait status for OpExit.
// Args are the user for OpSetuid, else "name=value" with Falco's name of the argument:
// "request=PTRACE_ATTACH".
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
	// Origin is since version 6.
	Origin Origin
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
	// Origin is since version 6.
	Origin Origin
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
// exactly one bit set; NewFileOID is set for those of TwoNames.
type FileEvent struct {
	ProcOID    OID
	TS         int64
	TID        int64
	OpFlags    OpFlags
	FileOID    FOID
	Ret        int32
	NewFileOID *FOID
	// Args are "name=value" with Falco's name of the argument: "mode=0644". Since version 6.
	Args []string
	// Origin is since version 6.
	Origin Origin
}

// NetworkEvent is a single operation on a socket: one that succeeded and belongs to no flow
// (OpSocket, OpBind, OpListen, OpDup), or one that failed. SIP and SPort are those of the
// local end, except for OpAccept.
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
	// FD is the descriptor of the socket, UnknownFD in traces of other versions. Since version 6.
	FD int32
	// Args are "name=value" with Falco's name of the argument: "domain=AF_PACKET". Since version 6.
	Args []string
	// Origin is since version 6.
	Origin Origin
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

// Gap is a notice of something that is missing from the trace, be it for want of room or of
// understanding.
type Gap struct {
	// TS and EndTS enclose the time in which it went missing.
	TS    int64
	EndTS int64
	// Cause names why, as the telemetry of the receiver does: "ring_buffer_full".
	Cause string
	// Count is how many things went missing, of what Cause says.
	Count int64
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

// Kind implements Record.
func (*Gap) Kind() Kind { return KindGap }
