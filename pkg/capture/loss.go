package capture

// Loss is a cause for which something is missing in what is captured.
type Loss int

// Causes of losses. They are numbered as in bpf/include/event.h, which TestNumberedAlike
// checks; those from LossUndecodable on are counted outside of the kernel.
const (
	// LossRingFull: events that found the ring buffer full.
	LossRingFull Loss = iota
	// LossFlowsFull: operations on files and sockets that had no room in the tables.
	LossFlowsFull
	// LossPathCut: paths with too many or too long components.
	LossPathCut
	// LossArgsCut: programs with more arguments than are kept.
	LossArgsCut
	// LossEnvCut: programs with a larger environment than is kept.
	LossEnvCut
	// LossNameUnreadable: names that were no longer in memory after the system call.
	LossNameUnreadable
	// LossCompatSyscall: system calls of 32-bit programs.
	LossCompatSyscall
	// LossScratchBusy: events that interrupted the assembly of another one.
	LossScratchBusy
	// LossMessagesUnread: calls for many messages whose sizes could not be read.
	LossMessagesUnread
	// LossURingFull: requests to io_uring that had no room in the tables.
	LossURingFull
	// LossURingUnseen: requests to io_uring that ask for no completion, on a file that was not
	// open yet when they were submitted.
	LossURingUnseen
	// LossUndecodable: events that the decoder does not understand.
	LossUndecodable
	// LossCgroupUnknown: processes whose control group, and so container, could not be told.
	LossCgroupUnknown

	// NumLosses is the number of causes.
	NumLosses = int(LossCgroupUnknown) + 1
)

var lossNames = [NumLosses]string{
	"ring_buffer_full", "flow_table_full", "path_cut", "args_cut", "env_cut", "name_unreadable",
	"compat_syscall", "scratch_busy", "messages_unread", "io_uring_table_full", "io_uring_unseen",
	"undecodable", "cgroup_unknown",
}

// String returns the cause as it is named in telemetry.
func (l Loss) String() string { return lossNames[l] }

// Losses counts what is missing by cause.
type Losses [NumLosses]uint64
