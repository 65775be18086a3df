package flow

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// EventType says what happened.
type EventType uint8

// Types of system events.
const (
	// EventSnapshot describes a process that existed before the capture: Process.
	EventSnapshot EventType = iota
	// EventFork is a new process: Child is set, Process optionally (else the
	// child is a copy of its parent). The actor is the creating thread; Ret is the
	// child's pid as its creator sees it.
	EventFork
	// EventThread is a new thread of the acting process: Child.TID.
	EventThread
	// EventCloneFailed is a fork or clone that failed with Ret.
	EventCloneFailed
	// EventExec is an execve: Process describes the new image when Ret is 0.
	EventExec
	// EventThreadExit is the end of a thread that was not the last one.
	EventThreadExit
	// EventExit is the end of a process; Ret is the wait status. With OriginIOUring it was a
	// thread of the kernel's that ended last, after an EventThreadExit for the program's last.
	EventExit
	// EventSetuid is a change of user ids: SetuidTo holds the requested id, Process
	// the credentials afterwards, as EventCreds.
	EventSetuid
	// EventCreds tells new credentials (Process: UID, GID and Details only, the latter but what
	// its executable determines); it yields no record.
	EventCreds
	// EventChdir tells a new working directory (Process: CWD only); it yields no
	// record.
	EventChdir
	// EventName is an operation on one or two files by name: Op, Path, NewPath, Ret, and Args
	// where it has any.
	EventName
	// EventFlowStart is the first sight of an open file or socket: Flow, and either
	// Path, FileType and OpenFlags or Socket. The operation itself is in the
	// flow's totals.
	EventFlowStart
	// EventFlowEnd is the end of a flow: Flow and the final Totals.
	EventFlowEnd
	// EventProcessOp is another operation of a process: Op, Args, Ret. Process holds what it has
	// changed of the process, if it has, as EventCreds.
	EventProcessOp
	// EventSocketOp is an operation on a socket that makes no flow: Op, Socket, Flow.FD, Args, Ret.
	EventSocketOp
)

// Event is one thing that happened on the observed system. Which fields are set
// depends on Type. The actor is thread TID of process PID (both in the host's pid
// namespace), which was created at CreateTS. Times are nanoseconds since the epoch.
type Event struct {
	Type     EventType
	TS       int64
	PID      int32
	TID      int32
	CreateTS int64
	Ret      int32

	Child   Child
	Process *ProcessInfo
	// SetuidTo is the user id that EventSetuid asked for.
	SetuidTo int32

	// Op is the operation of EventName, EventProcessOp and EventSocketOp, and Args are its
	// arguments, see sysflow.ProcessEvent.
	Op   sysflow.OpFlags
	Args []string
	// Origin is the way by which the operation of EventName and EventSocketOp came.
	Origin sysflow.Origin
	// Path and NewPath are absolute and clean.
	Path    string
	NewPath string

	Flow      Key
	FileType  sysflow.FileType
	OpenFlags sysflow.OpenFlags
	Socket    Socket
	Totals    Totals
	// Closed tells for EventFlowEnd that the descriptor was closed; otherwise the
	// flow is cut off (TRUNCATE).
	Closed bool
}

// Child is a new process or thread.
type Child struct {
	PID      int32
	TID      int32
	CreateTS int64
	// Entry tells whether the child has pid 1 in its own pid namespace.
	Entry bool
	// ParentPID and ParentCreateTS name the parent where it is not the creator
	// (CLONE_PARENT); zero otherwise.
	ParentPID      int32
	ParentCreateTS int64
	// Details are the child's, but what its executable determines, which is as its creator's;
	// nil when they are not known.
	Details *sysflow.ProcessDetails
	// ContainerKnown tells that ContainerID, "" on the host, is the child's own; otherwise the
	// child is where its creator is.
	ContainerKnown bool
	ContainerID    string
}

// ProcessInfo describes a process as the kernel knows it.
type ProcessInfo struct {
	Exe string
	// ExeArgs are the arguments without argv[0], joined by one space.
	ExeArgs string
	// CWD need not end in a slash; records have one.
	CWD string
	Env []string
	UID int32
	GID int32
	TTY bool
	// Entry tells whether the process has pid 1 in its own pid namespace.
	Entry       bool
	ContainerID string
	// ParentPID and ParentCreateTS identify the parent, zero when there is none.
	ParentPID      int32
	ParentCreateTS int64
	// Details is nil when it is not known. It is never changed, but replaced.
	Details *sysflow.ProcessDetails
}

// Key names an open flow towards its source. ID alone is unique for as long as
// the source lives; the rest is where the source finds the flow again.
type Key struct {
	ID  uint64
	PID int32
	// FD is the descriptor. That of a file in an io_uring's table is negative: see Descriptor.
	FD int32
	// Peer is set for flows of an unconnected socket, which has one per peer.
	Peer netip.AddrPort
}

// slotMask are the bits of a negative FD that hold the place in an io_uring's table; the others
// tell tables of a process apart.
const slotMask = 1<<20 - 1

// Descriptor returns the descriptor as records tell it: -1 and less are the places in the table of
// files of an io_uring, from the first on.
func (k Key) Descriptor() int32 {
	if k.FD >= 0 {
		return k.FD
	}
	return -1 - k.FD&slotMask
}

// Role is the part that the observed end plays in a connection.
type Role uint8

// Roles of a socket's end. RoleUnknown makes the builder guess from what it knows of the
// connection's other end, of listening ports and of the ephemeral port range.
const (
	RoleUnknown Role = iota
	RoleInitiator
	RoleAcceptor
)

// Socket describes an internet socket and its peer.
type Socket struct {
	Local  netip.AddrPort
	Remote netip.AddrPort
	// Proto is an IP protocol number, see sysflow.ProtoTCP.
	Proto int32
	Role  Role
}

// Totals is what a flow did since it started.
type Totals struct {
	OpFlags sysflow.OpFlags
	sysflow.Counters
	// Origin is zero when all came by system calls.
	Origin sysflow.Origin
}

// Meter reads the running totals of flows that are still open.
type Meter interface {
	// Read returns a flow's totals; false when the flow has ended at the source,
	// in which case its EventFlowEnd is still to come.
	Read(Key) (Totals, bool)
	// Take is Read, after which the source forgets the flow: the next operation
	// on the same descriptor starts a new one.
	Take(Key) (Totals, bool)
}

// Host answers what events do not carry. Its methods may do a bounded look-up but must
// not wait for anybody.
type Host interface {
	// UserName and GroupName resolve ids inside a container ("" is the host);
	// they return "" when the id has no name.
	UserName(containerID string, uid int32) string
	GroupName(containerID string, gid int32) string
	// Process describes a process whose creation the source has missed; false
	// when it has gone.
	Process(pid int32, createTS int64) (*ProcessInfo, bool)
	// IsListening tells whether some socket of the host listens on a port.
	IsListening(proto int32, port uint16) bool
}
