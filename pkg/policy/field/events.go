package field

import (
	"maps"
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// event is a system call, or an event that Falco makes, which records may stand for.
type event struct {
	name  string
	ops   sysflow.OpFlags
	kinds kindSet
	// sockets marks calls that need a socket: they are not what moves data of other files.
	sockets bool
}

// kindSet has bit 1<<k for kind k.
type kindSet uint16

const (
	inProcess = 1<<sysflow.KindProcessEvent | 1<<sysflow.KindProcessFlow
	inFiles   = 1 << sysflow.KindFileFlow
	inNetwork = 1<<sysflow.KindNetworkFlow | inSockets
	inNames   = 1 << sysflow.KindFileEvent
	inFlows   = inFiles | inNetwork
	inCalls   = 1 << sysflow.KindProcessEvent
	inSockets = 1 << sysflow.KindNetworkEvent
)

// events are the calls behind SysFlow's operations (SysFlow's specification, and upstream's
// syscall_defs.h; pread and pwrite are Falco's names of pread64 and pwrite64).
var events = [...]event{
	{name: "clone", ops: sysflow.OpClone, kinds: inProcess},
	{name: "clone3", ops: sysflow.OpClone, kinds: inProcess},
	{name: "fork", ops: sysflow.OpClone, kinds: inProcess},
	{name: "vfork", ops: sysflow.OpClone, kinds: inProcess},
	{name: "execve", ops: sysflow.OpExec, kinds: inProcess},
	{name: "execveat", ops: sysflow.OpExec, kinds: inProcess},
	{name: "exit", ops: sysflow.OpExit, kinds: inProcess},
	{name: "exit_group", ops: sysflow.OpExit, kinds: inProcess},
	{name: "procexit", ops: sysflow.OpExit, kinds: inProcess},
	{name: "setuid", ops: sysflow.OpSetuid, kinds: inProcess},
	{name: "setresuid", ops: sysflow.OpSetuid, kinds: inProcess},
	{name: "setreuid", ops: sysflow.OpSetuid, kinds: inProcess},
	{name: "setns", ops: sysflow.OpSetns, kinds: inProcess | inFiles},
	{name: "open", ops: sysflow.OpOpen, kinds: inFiles | inNames},
	{name: "openat", ops: sysflow.OpOpen, kinds: inFiles | inNames},
	{name: "openat2", ops: sysflow.OpOpen, kinds: inFiles | inNames},
	{name: "creat", ops: sysflow.OpOpen, kinds: inFiles | inNames},
	{name: "open_by_handle_at", ops: sysflow.OpOpen, kinds: inFiles | inNames},
	{name: "accept", ops: sysflow.OpAccept, kinds: inFlows, sockets: true},
	{name: "accept4", ops: sysflow.OpAccept, kinds: inFlows, sockets: true},
	{name: "connect", ops: sysflow.OpConnect, kinds: inFlows | inNames, sockets: true},
	{name: "read", ops: sysflow.OpReadRecv, kinds: inFlows},
	{name: "pread", ops: sysflow.OpReadRecv, kinds: inFiles},
	{name: "pread64", ops: sysflow.OpReadRecv, kinds: inFiles},
	{name: "readv", ops: sysflow.OpReadRecv, kinds: inFlows},
	{name: "preadv", ops: sysflow.OpReadRecv, kinds: inFiles},
	{name: "preadv2", ops: sysflow.OpReadRecv, kinds: inFiles},
	{name: "recv", ops: sysflow.OpReadRecv, kinds: inFlows, sockets: true},
	{name: "recvfrom", ops: sysflow.OpReadRecv, kinds: inFlows, sockets: true},
	{name: "recvmsg", ops: sysflow.OpReadRecv, kinds: inFlows, sockets: true},
	{name: "recvmmsg", ops: sysflow.OpReadRecv, kinds: inFlows, sockets: true},
	{name: "write", ops: sysflow.OpWriteSend, kinds: inFlows},
	{name: "pwrite", ops: sysflow.OpWriteSend, kinds: inFiles},
	{name: "pwrite64", ops: sysflow.OpWriteSend, kinds: inFiles},
	{name: "writev", ops: sysflow.OpWriteSend, kinds: inFlows},
	{name: "pwritev", ops: sysflow.OpWriteSend, kinds: inFiles},
	{name: "pwritev2", ops: sysflow.OpWriteSend, kinds: inFiles},
	{name: "send", ops: sysflow.OpWriteSend, kinds: inFlows, sockets: true},
	{name: "sendto", ops: sysflow.OpWriteSend, kinds: inFlows, sockets: true},
	{name: "sendmsg", ops: sysflow.OpWriteSend, kinds: inFlows, sockets: true},
	{name: "sendmmsg", ops: sysflow.OpWriteSend, kinds: inFlows, sockets: true},
	{name: "close", ops: sysflow.OpClose, kinds: inFlows},
	{name: "close_range", ops: sysflow.OpClose, kinds: inFlows},
	{name: "shutdown", ops: sysflow.OpShutdown, kinds: inFlows, sockets: true},
	{name: "mmap", ops: sysflow.OpMmap, kinds: inFlows},
	{name: "mmap2", ops: sysflow.OpMmap, kinds: inFlows},
	{name: "mkdir", ops: sysflow.OpMkdir, kinds: inNames},
	{name: "mkdirat", ops: sysflow.OpMkdir, kinds: inNames},
	{name: "rmdir", ops: sysflow.OpRmdir, kinds: inNames},
	{name: "unlink", ops: sysflow.OpUnlink, kinds: inNames},
	{name: "unlinkat", ops: sysflow.OpUnlink | sysflow.OpRmdir, kinds: inNames},
	{name: "link", ops: sysflow.OpLink, kinds: inNames},
	{name: "linkat", ops: sysflow.OpLink, kinds: inNames},
	{name: "symlink", ops: sysflow.OpSymlink, kinds: inNames},
	{name: "symlinkat", ops: sysflow.OpSymlink, kinds: inNames},
	{name: "rename", ops: sysflow.OpRename, kinds: inNames},
	{name: "renameat", ops: sysflow.OpRename, kinds: inNames},
	{name: "renameat2", ops: sysflow.OpRename, kinds: inNames},
	{name: "ptrace", ops: sysflow.OpPtrace, kinds: inCalls},
	{name: "setgid", ops: sysflow.OpSetgid, kinds: inCalls},
	{name: "setregid", ops: sysflow.OpSetgid, kinds: inCalls},
	{name: "setresgid", ops: sysflow.OpSetgid, kinds: inCalls},
	{name: "capset", ops: sysflow.OpCapset, kinds: inCalls},
	{name: "chroot", ops: sysflow.OpChroot, kinds: inCalls},
	{name: "unshare", ops: sysflow.OpUnshare, kinds: inCalls},
	{name: "prctl", ops: sysflow.OpPrctl, kinds: inCalls},
	{name: "kill", ops: sysflow.OpKill, kinds: inCalls},
	{name: "tkill", ops: sysflow.OpKill, kinds: inCalls},
	{name: "tgkill", ops: sysflow.OpKill, kinds: inCalls},
	{name: "rt_sigqueueinfo", ops: sysflow.OpKill, kinds: inCalls},
	{name: "rt_tgsigqueueinfo", ops: sysflow.OpKill, kinds: inCalls},
	{name: "pidfd_send_signal", ops: sysflow.OpKill, kinds: inCalls},
	{name: "init_module", ops: sysflow.OpModule, kinds: inCalls},
	{name: "finit_module", ops: sysflow.OpModule, kinds: inCalls},
	{name: "bpf", ops: sysflow.OpBPF, kinds: inCalls},
	{name: "userfaultfd", ops: sysflow.OpUserfaultfd, kinds: inCalls},
	{name: "mount", ops: sysflow.OpMount, kinds: inCalls},
	{name: "move_mount", ops: sysflow.OpMount, kinds: inCalls},
	{name: "umount", ops: sysflow.OpUmount, kinds: inCalls},
	{name: "umount2", ops: sysflow.OpUmount, kinds: inCalls},
	{name: "pivot_root", ops: sysflow.OpPivotRoot, kinds: inCalls},
	{name: "memfd_create", ops: sysflow.OpMemfdCreate, kinds: inCalls},
	{name: "personality", ops: sysflow.OpPersonality, kinds: inCalls},
	{name: "chmod", ops: sysflow.OpChmod, kinds: inNames},
	{name: "fchmod", ops: sysflow.OpChmod, kinds: inNames},
	{name: "fchmodat", ops: sysflow.OpChmod, kinds: inNames},
	{name: "fchmodat2", ops: sysflow.OpChmod, kinds: inNames},
	{name: "chown", ops: sysflow.OpChown, kinds: inNames},
	{name: "lchown", ops: sysflow.OpChown, kinds: inNames},
	{name: "fchown", ops: sysflow.OpChown, kinds: inNames},
	{name: "fchownat", ops: sysflow.OpChown, kinds: inNames},
	{name: "truncate", ops: sysflow.OpFtruncate, kinds: inNames},
	{name: "ftruncate", ops: sysflow.OpFtruncate, kinds: inNames},
	{name: "mknod", ops: sysflow.OpMknod, kinds: inNames},
	{name: "mknodat", ops: sysflow.OpMknod, kinds: inNames},
	{name: "setxattr", ops: sysflow.OpSetxattr, kinds: inNames},
	{name: "lsetxattr", ops: sysflow.OpSetxattr, kinds: inNames},
	{name: "fsetxattr", ops: sysflow.OpSetxattr, kinds: inNames},
	{name: "setxattrat", ops: sysflow.OpSetxattr, kinds: inNames},
	{name: "socket", ops: sysflow.OpSocket, kinds: inSockets},
	{name: "bind", ops: sysflow.OpBind, kinds: inSockets | inNames},
	{name: "listen", ops: sysflow.OpListen, kinds: inSockets | inNames},
	{name: "dup", ops: sysflow.OpDup, kinds: inSockets},
	{name: "dup2", ops: sysflow.OpDup, kinds: inSockets},
	{name: "dup3", ops: sysflow.OpDup, kinds: inSockets},
}

// fits reports whether records may stand for the event: those of a kind with some operations, and
// with a file that is a socket or none.
func (e *event) fits(kind sysflow.Kind, ops sysflow.OpFlags, socket bool) bool {
	if ops&e.ops == 0 || e.kinds&(1<<kind) == 0 {
		return false
	}
	return !e.sockets || kind != sysflow.KindFileFlow || socket
}

func isSocket(t sysflow.FileType) bool {
	switch t {
	case sysflow.FileRegular, sysflow.FileDirectory, sysflow.FilePipe:
		return false
	}
	return true
}

func eventTexts(to []string, kind sysflow.Kind, ops sysflow.OpFlags, socket bool) []string {
	for i := range events {
		if events[i].fits(kind, ops, socket) {
			to = append(to, events[i].name)
		}
	}
	return to
}

// isFirstEvent reports whether an event is the first of those that an operation stands for.
func isFirstEvent(name string) bool {
	for i := range events {
		if events[i].name == name {
			return i == 0 || events[i-1].ops&events[i].ops == 0
		}
	}
	return false
}

// RecordedEvents returns the names of the system calls and events that records stand for,
// grouped by operation.
func RecordedEvents() []string {
	names := make([]string, len(events))
	for i := range events {
		names[i] = events[i].name
	}
	return names
}

// EventOps returns the operations that stand for a system call, and in which kinds of
// records. There are none if the call is not recorded.
func EventOps(name string) (ops sysflow.OpFlags, kinds []sysflow.Kind) {
	for i := range events {
		e := &events[i]
		if e.name != name {
			continue
		}
		for k := range sysflow.Kind(sysflow.NumKinds) {
			if e.kinds&(1<<k) != 0 {
				kinds = append(kinds, k)
			}
		}
		return e.ops, kinds
	}
	return 0, nil
}

var eventIndex = sync.OnceValue(func() map[string]bool {
	index := map[string]bool{}
	for name := range strings.FieldsSeq(otherEvents) {
		index[name] = false
	}
	for i := range events {
		index[events[i].name] = true
	}
	return index
})

// KnownEvent reports whether a name is one that evt.type may be compared with, and whether
// there are records that stand for it.
func KnownEvent(name string) (recorded, known bool) {
	recorded, known = eventIndex()[name]
	return recorded, known
}

// SuggestEvent returns the known event whose name is nearest, empty if none is near.
func SuggestEvent(name string) string { return diag.Nearest(name, maps.Keys(eventIndex())) }
