//go:build linux && (amd64 || arm64)

package capture

import (
	"testing"

	"github.com/cilium/ebpf/btf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func operationEvent(class bpf.CaptureSyscallClass, args [4]uint64, dir, name, text1, text2 string) []byte {
	return wire(bpf.CaptureEventOperation{
		H: header(bpf.CaptureEventTypeEVENT_OPERATION, 0), Class: uint32(class), Args: args,
		DirLen: uint16(len(dir)), NameLen: uint16(len(name)), Text1Len: uint16(len(text1)), Text2Len: uint16(len(text2)),
	}, dir, name, text1, text2)
}

func TestDecodeOperation(t *testing.T) {
	const unset = 1<<64 - 1
	for _, tt := range []struct {
		name  string
		class bpf.CaptureSyscallClass
		args  [4]uint64
		texts [4]string // directory, name, two texts
		op    sysflow.OpFlags
		want  []string
	}{
		{"setgid", bpf.CaptureSyscallClassCLASS_SETGID, [4]uint64{7}, [4]string{}, sysflow.OpSetgid, []string{"gid=7"}},
		{"setregid", bpf.CaptureSyscallClassCLASS_SETREGID, [4]uint64{unset, 0}, [4]string{}, sysflow.OpSetgid, []string{"rgid=-1", "egid=0"}},
		{
			"setresgid", bpf.CaptureSyscallClassCLASS_SETRESGID,
			[4]uint64{1, 0xffffffff, 3},
			[4]string{},
			sysflow.OpSetgid,
			[]string{"rgid=1", "egid=-1", "sgid=3"},
		},
		{
			"capset", bpf.CaptureSyscallClassCLASS_CAPSET,
			[4]uint64{1 << 21, 1<<21 | 1<<39, 0},
			[4]string{},
			sysflow.OpCapset,
			[]string{"cap_inheritable=", "cap_permitted=CAP_SYS_ADMIN CAP_BPF", "cap_effective=CAP_SYS_ADMIN"},
		},
		{
			"unshare", bpf.CaptureSyscallClassCLASS_UNSHARE,
			[4]uint64{0x10020000},
			[4]string{},
			sysflow.OpUnshare,
			[]string{"flags=CLONE_NEWNS|CLONE_NEWUSER"},
		},
		{
			"prctl name", bpf.CaptureSyscallClassCLASS_PRCTL,
			[4]uint64{15, 0x7fff},
			[4]string{2: "sshd"},
			sysflow.OpPrctl,
			[]string{"option=PR_SET_NAME", "arg2_str=sshd"},
		},
		{
			"prctl number", bpf.CaptureSyscallClassCLASS_PRCTL,
			[4]uint64{38, 1},
			[4]string{},
			sysflow.OpPrctl,
			[]string{"option=PR_SET_NO_NEW_PRIVS", "arg2_int=1"},
		},
		{
			"chroot", bpf.CaptureSyscallClassCLASS_CHROOT,
			[4]uint64{},
			[4]string{"srv\x00", "jail/"},
			sysflow.OpChroot,
			[]string{"path=/srv/jail"},
		},
		{
			"chroot into the directory", bpf.CaptureSyscallClassCLASS_CHROOT,
			[4]uint64{},
			[4]string{"jail\x00srv\x00", ""},
			sysflow.OpChroot,
			[]string{"path=/srv/jail"},
		},
		{"chroot nowhere", bpf.CaptureSyscallClassCLASS_CHROOT, [4]uint64{}, [4]string{}, sysflow.OpChroot, []string{"path="}},
		{
			"ptrace", bpf.CaptureSyscallClassCLASS_PTRACE,
			[4]uint64{16, 42, 42},
			[4]string{},
			sysflow.OpPtrace,
			[]string{"request=PTRACE_ATTACH", "pid=42"},
		},
		{
			"ptrace in a container", bpf.CaptureSyscallClassCLASS_PTRACE,
			[4]uint64{0x4206, 42, 4711},
			[4]string{},
			sysflow.OpPtrace,
			[]string{"request=PTRACE_SEIZE", "pid=42", "host_pid=4711"},
		},
		{"traceme", bpf.CaptureSyscallClassCLASS_PTRACE, [4]uint64{}, [4]string{}, sysflow.OpPtrace, []string{"request=PTRACE_TRACEME"}},
		{"kill", bpf.CaptureSyscallClassCLASS_KILL, [4]uint64{42, 9, 42}, [4]string{}, sysflow.OpKill, []string{"sig=SIGKILL", "pid=42"}},
		{
			"kill a group", bpf.CaptureSyscallClassCLASS_KILL,
			[4]uint64{unset - 41, 15},
			[4]string{},
			sysflow.OpKill,
			[]string{"sig=SIGTERM", "pid=-42"},
		},
		{
			"tgkill", bpf.CaptureSyscallClassCLASS_TGKILL,
			[4]uint64{42, 6, 0, 43},
			[4]string{},
			sysflow.OpKill,
			[]string{"sig=SIGABRT", "pid=42", "tid=43"},
		},
		{
			"pidfd_send_signal", bpf.CaptureSyscallClassCLASS_PIDFD_KILL,
			[4]uint64{0, 9},
			[4]string{},
			sysflow.OpKill,
			[]string{"sig=SIGKILL", "pid=0"},
		},
		{
			"init_module", bpf.CaptureSyscallClassCLASS_INIT_MODULE,
			[4]uint64{0x1000, 4096},
			[4]string{2: "debug=1"},
			sysflow.OpModule,
			[]string{"length=4096", "uargs=debug=1"},
		},
		{
			"finit_module", bpf.CaptureSyscallClassCLASS_FINIT_MODULE,
			[4]uint64{3, 0, 2},
			[4]string{"a.ko\x00tmp\x00"},
			sysflow.OpModule,
			[]string{"fd=3", "path=/tmp/a.ko", "uargs=", "flags=MODULE_INIT_IGNORE_VERMAGIC"},
		},
		{"bpf", bpf.CaptureSyscallClassCLASS_BPF, [4]uint64{5}, [4]string{}, sysflow.OpBPF, []string{"cmd=BPF_PROG_LOAD"}},
		{"bpf, unnamed", bpf.CaptureSyscallClassCLASS_BPF, [4]uint64{99}, [4]string{}, sysflow.OpBPF, []string{"cmd=99"}},
		{
			"userfaultfd", bpf.CaptureSyscallClassCLASS_USERFAULTFD,
			[4]uint64{0o2000001},
			[4]string{},
			sysflow.OpUserfaultfd,
			[]string{"flags=UFFD_USER_MODE_ONLY|O_CLOEXEC"},
		},
		{
			"mount", bpf.CaptureSyscallClassCLASS_MOUNT,
			[4]uint64{0x1001},
			[4]string{"", "/mnt", "/dev/sda1", "ext4"},
			sysflow.OpMount,
			[]string{"dev=/dev/sda1", "dir=/mnt", "type=ext4", "flags=RDONLY|BIND"},
		},
		{
			"mount by an old program", bpf.CaptureSyscallClassCLASS_MOUNT,
			[4]uint64{0xc0ed0002},
			[4]string{"", "/mnt"},
			sysflow.OpMount,
			[]string{"dev=", "dir=/mnt", "type=", "flags=NOSUID"},
		},
		{
			"move_mount", bpf.CaptureSyscallClassCLASS_MOVE_MOUNT,
			[4]uint64{4},
			[4]string{"mnt\x00", "x", "none", "tmpfs"},
			sysflow.OpMount,
			[]string{"dev=none", "dir=/mnt/x", "type=tmpfs", "flags=MOVE_MOUNT_F_EMPTY_PATH"},
		},
		{
			"umount", bpf.CaptureSyscallClassCLASS_UMOUNT,
			[4]uint64{0, 10},
			[4]string{"", "/mnt"},
			sysflow.OpUmount,
			[]string{"flags=DETACH|NOFOLLOW", "name=/mnt"},
		},
		{
			"pivot_root", bpf.CaptureSyscallClassCLASS_PIVOT_ROOT,
			[4]uint64{},
			[4]string{2: ".", 3: "old"},
			sysflow.OpPivotRoot,
			[]string{"new_root=.", "put_old=old"},
		},
		{
			"memfd_create", bpf.CaptureSyscallClassCLASS_MEMFD_CREATE,
			[4]uint64{0, 3},
			[4]string{2: "x"},
			sysflow.OpMemfdCreate,
			[]string{"name=x", "flags=MFD_CLOEXEC|MFD_ALLOW_SEALING"},
		},
		{
			"personality", bpf.CaptureSyscallClassCLASS_PERSONALITY,
			[4]uint64{0x0040008},
			[4]string{},
			sysflow.OpPersonality,
			[]string{"persona=ADDR_NO_RANDOMIZE|0x8"},
		},
		{"personality, none", bpf.CaptureSyscallClassCLASS_PERSONALITY, [4]uint64{}, [4]string{}, sysflow.OpPersonality, []string{"persona=0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeOne(t, operationEvent(tt.class, tt.args, tt.texts[0], tt.texts[1], tt.texts[2], tt.texts[3]))
			assert.Equal(t, flow.EventProcessOp, e.Type)
			assert.EqualValues(t, -2, e.Ret)
			assert.Equal(t, tt.op, e.Op)
			assert.Equal(t, tt.want, e.Args)
			assert.Nil(t, e.Process)
		})
	}
}

func TestDecodeOperationErrors(t *testing.T) {
	b := operationEvent(bpf.CaptureSyscallClassCLASS_CHROOT, [4]uint64{}, "srv\x00", "jail", "a", "b")
	for n := range len(b) {
		_, _, err := testDecoder().decode(b[:n:n])
		require.ErrorIs(t, err, errShort, "%d bytes", n)
	}
	_, _, err := testDecoder().decode(operationEvent(bpf.CaptureSyscallClassCLASS_READ, [4]uint64{}, "", "", "", ""))
	require.ErrorIs(t, err, errUnknownOperation)
}

// TestOperationsComplete: what the programs may send is known here.
func TestOperationsComplete(t *testing.T) {
	for _, class := range classesOf(t, "CLASS_SETGID", "CLASS_PERSONALITY") {
		assert.Contains(t, operations, class)
	}
	assert.Len(t, operations, len(classesOf(t, "CLASS_SETGID", "CLASS_PERSONALITY")))
}

// classesOf returns the classes from one to another, by their names in C.
func classesOf(t *testing.T, from, to string) []bpf.CaptureSyscallClass {
	t.Helper()
	spec, err := bpf.LoadCapture()
	require.NoError(t, err)
	var enum *btf.Enum
	require.NoError(t, spec.Types.TypeByName("syscall_class", &enum))
	var classes []bpf.CaptureSyscallClass
	for _, v := range enum.Values {
		if v.Name == from || len(classes) > 0 {
			classes = append(classes, bpf.CaptureSyscallClass(v.Value))
		}
		if v.Name == to {
			return classes
		}
	}
	require.Fail(t, "no such class", to)
	return nil
}
