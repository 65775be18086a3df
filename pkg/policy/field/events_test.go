package field

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestKnownEvent(t *testing.T) {
	for name, want := range map[string][2]bool{ // recorded, known
		"execve": {true, true}, "openat2": {true, true}, "procexit": {true, true}, "unlinkat": {true, true}, "pread": {true, true},
		"ptrace": {true, true}, "dup": {true, true}, "listen": {true, true}, "init_module": {true, true}, "umount": {true, true},
		"userfaultfd": {true, true}, "getpid": {false, true}, "setsockopt": {false, true}, "prlimit": {false, true}, "sysdigevent": {false, true}, "container": {false, true},
		"exec": {false, false}, "": {false, false}, "EXEC": {false, false}, "open at": {false, false},
	} {
		recorded, known := KnownEvent(name)
		assert.Equal(t, want, [2]bool{recorded, known}, name)
	}
}

// libsEvents are the names in libs' table of events (driver/event_table.c).
const libsEvents = `
	accept accept4 access asyncevent bind bpf brk chdir chmod chown chroot clone clone3 close connect container
	copy_file_range cpu_hotplug creat delete_module drop dup dup2 dup3 epoll_create epoll_create1 epoll_wait
	eventfd eventfd2 execve execveat fchdir fchmod fchmodat fchown fchownat fcntl finit_module flock fork fsconfig
	fstat fstat64 futex getcwd getdents getdents64 getegid geteuid getgid getpeername getresgid getresuid
	getrlimit getsockname getsockopt getuid groupadded groupdeleted infra init_module inotify_init inotify_init1
	io_uring_enter io_uring_register io_uring_setup ioctl k8s kill lchown link linkat listen llseek lseek lstat
	lstat64 memfd_create mesos mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mount mprotect munlock
	munlockall munmap nanosleep newfstatat notification open open_by_handle_at openat openat2 page_fault
	pidfd_getfd pidfd_open pipe pipe2 pluginevent poll ppoll pread preadv prlimit process_vm_readv
	process_vm_writev procexit procinfo ptrace pwrite pwritev quotactl read readv recv recvfrom recvmmsg recvmsg
	rename renameat renameat2 rmdir scapevent seccomp select semctl semget semop send sendfile sendmmsg sendmsg
	sendto setgid setns setpgid setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid shutdown
	signaldeliver signalfd signalfd4 socket socketpair splice stat stat64 switch symlink symlinkat syscall
	sysdigevent tgkill timerfd_create tkill tracer umount umount2 unlink unlinkat unshare useradded userdeleted
	userfaultfd vfork write writev
`

func TestEventsOfLibsAreKnown(t *testing.T) {
	for name := range strings.FieldsSeq(libsEvents) {
		_, known := KnownEvent(name)
		assert.True(t, known, name)
	}
}

func TestSuggestEvent(t *testing.T) {
	assert.Equal(t, "execve", SuggestEvent("execev"))
	assert.Equal(t, "openat", SuggestEvent("opneat"))
	assert.Equal(t, "open", SuggestEvent("OPEN"))
	assert.Empty(t, SuggestEvent("nothing_of_the_kind"))
}

func TestEventOps(t *testing.T) {
	ops, kinds := EventOps("unlinkat")
	assert.Equal(t, sysflow.OpUnlink|sysflow.OpRmdir, ops)
	assert.Equal(t, []sysflow.Kind{sysflow.KindFileEvent}, kinds)
	ops, kinds = EventOps("dup2")
	assert.Equal(t, sysflow.OpDup, ops)
	assert.Equal(t, []sysflow.Kind{sysflow.KindNetworkEvent}, kinds)
	ops, kinds = EventOps("getpid")
	assert.Zero(t, ops)
	assert.Empty(t, kinds)
}

// Every operation but those that are no calls has system calls, in the kinds where it occurs.
func TestEveryOperationHasEvents(t *testing.T) {
	for op := sysflow.OpClone; op <= sysflow.OpDup; op <<= 1 {
		if op.Names()[0][0] == '0' {
			continue // not used
		}
		assert.NotEmpty(t, OpNames(op.Names()[0]), op)
		some := false
		for _, name := range RecordedEvents() {
			ops, kinds := EventOps(name)
			some = some || ops&op != 0
			assert.NotEmpty(t, kinds, name)
		}
		assert.Equal(t, op != sysflow.OpTruncate && op != sysflow.OpDigest, some, op.String())
	}
}

func TestSocketCallsNeedSockets(t *testing.T) {
	file := &Record{Kind: sysflow.KindFileFlow, Ops: sysflow.OpWriteSend, File: File{Type: sysflow.FileRegular}}
	assert.NotContains(t, eventsOf(file), "sendto")
	file.File.Type = sysflow.FileUnix
	assert.Contains(t, eventsOf(file), "sendto")
	assert.Contains(t, eventsOf(&Record{Kind: sysflow.KindNetworkFlow, Ops: sysflow.OpWriteSend}), "sendto")
}

func TestOpNames(t *testing.T) {
	assert.Equal(t, []string{"READ", "RECV"}, OpNames("read_recv"))
	assert.Equal(t, []string{"WRITE", "SEND"}, OpNames("WRITE_SEND"))
	assert.Equal(t, []string{"SEND"}, OpNames("SEND"))
	assert.Equal(t, []string{"EXEC"}, OpNames("exec"))
	assert.Empty(t, OpNames("EXECVE"))
	assert.Empty(t, OpNames(""))
}

func eventsOf(r *Record) []string { return eventTexts(nil, r.Kind, r.Ops, isSocket(r.File.Type)) }
