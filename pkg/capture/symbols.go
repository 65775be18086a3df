package capture

import (
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Names of the numbers that system calls take, as Falco shows them. Flags are a bit each, from the
// lowest on; "" is a bit without a name.

// symbol names a number, which it shows as it is when it has no name.
func symbol(names map[uint64]string, v uint64) string {
	if s, ok := names[v]; ok {
		return s
	}
	return strconv.FormatUint(v, 10)
}

// flagText joins the names of the bits that are set by sep; those without a name are one
// hexadecimal number. No flag is "0".
func flagText(names []string, v uint64, sep string) string {
	var set []string
	for i, name := range names {
		if bit := uint64(1) << i; v&bit != 0 && name != "" {
			set = append(set, name)
			v &^= bit
		}
	}
	if v != 0 {
		set = append(set, "0x"+strconv.FormatUint(v, 16))
	}
	if len(set) == 0 {
		return "0"
	}
	return strings.Join(set, sep)
}

// include/uapi/linux/ptrace.h, arch/x86/include/uapi/asm/ptrace-abi.h
var ptraceRequests = map[uint64]string{
	0: "PTRACE_TRACEME", 4: "PTRACE_POKETEXT", 5: "PTRACE_POKEDATA", 6: "PTRACE_POKEUSR", 13: "PTRACE_SETREGS",
	15: "PTRACE_SETFPREGS", 16: "PTRACE_ATTACH", 0x4205: "PTRACE_SETREGSET", 0x4206: "PTRACE_SEIZE",
}

// include/uapi/linux/prctl.h
var prctlOptions = map[uint64]string{
	4: "PR_SET_DUMPABLE", 8: "PR_SET_KEEPCAPS", prSetName: "PR_SET_NAME", 22: "PR_SET_SECCOMP", 24: "PR_CAPBSET_DROP",
	28: "PR_SET_SECUREBITS", 35: "PR_SET_MM", 36: "PR_SET_CHILD_SUBREAPER", 38: "PR_SET_NO_NEW_PRIVS", 47: "PR_CAP_AMBIENT",
	0x59616d61: "PR_SET_PTRACER",
}

const prSetName = 15

// include/uapi/linux/bpf.h
var bpfCommands = map[uint64]string{
	0: "BPF_MAP_CREATE", 5: "BPF_PROG_LOAD", 6: "BPF_OBJ_PIN", 7: "BPF_OBJ_GET", 8: "BPF_PROG_ATTACH", 9: "BPF_PROG_DETACH",
	17: "BPF_RAW_TRACEPOINT_OPEN", 28: "BPF_LINK_CREATE", 29: "BPF_LINK_UPDATE", 34: "BPF_LINK_DETACH", 36: "BPF_TOKEN_CREATE",
}

// The signals that are captured; numbers are the same on x86-64 and arm64.
var signals = map[uint64]string{
	1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 6: "SIGABRT", 9: "SIGKILL", 15: "SIGTERM", 19: "SIGSTOP",
}

// include/uapi/linux/sched.h
var cloneFlags = []string{
	7: "CLONE_NEWTIME", 8: "CLONE_VM", 9: "CLONE_FS", 10: "CLONE_FILES", 11: "CLONE_SIGHAND", 16: "CLONE_THREAD", 17: "CLONE_NEWNS",
	18: "CLONE_SYSVSEM", 25: "CLONE_NEWCGROUP", 26: "CLONE_NEWUTS", 27: "CLONE_NEWIPC", 28: "CLONE_NEWUSER", 29: "CLONE_NEWPID",
	30: "CLONE_NEWNET",
}

// include/uapi/linux/mount.h
var mountFlags = []string{
	"RDONLY", "NOSUID", "NODEV", "NOEXEC", "SYNCHRONOUS", "REMOUNT", "MANDLOCK", "DIRSYNC", "NOSYMFOLLOW", "", "NOATIME", "NODIRATIME",
	"BIND", "MOVE", "REC", "SILENT", "POSIXACL", "UNBINDABLE", "PRIVATE", "SLAVE", "SHARED", "RELATIME", "KERNMOUNT", "I_VERSION",
	"STRICTATIME", "LAZYTIME",
}

// mountMagic is in the upper half of what old programs give as flags.
const mountMagic = 0xc0ed0000

var moveMountFlags = []string{
	0: "MOVE_MOUNT_F_SYMLINKS", 1: "MOVE_MOUNT_F_AUTOMOUNTS", 2: "MOVE_MOUNT_F_EMPTY_PATH", 4: "MOVE_MOUNT_T_SYMLINKS",
	5: "MOVE_MOUNT_T_AUTOMOUNTS", 6: "MOVE_MOUNT_T_EMPTY_PATH", 8: "MOVE_MOUNT_SET_GROUP", 9: "MOVE_MOUNT_BENEATH",
}

var umountFlags = []string{"FORCE", "DETACH", "EXPIRE", "NOFOLLOW"}

// include/uapi/linux/memfd.h
var memfdFlags = []string{"MFD_CLOEXEC", "MFD_ALLOW_SEALING", "MFD_HUGETLB", "MFD_NOEXEC_SEAL", "MFD_EXEC"}

// include/uapi/linux/module.h
var moduleFlags = []string{"MODULE_INIT_IGNORE_MODVERSIONS", "MODULE_INIT_IGNORE_VERMAGIC", "MODULE_INIT_COMPRESSED_FILE"}

var userfaultfdFlags = []string{0: "UFFD_USER_MODE_ONLY", 11: "O_NONBLOCK", 19: "O_CLOEXEC"}

// include/uapi/linux/personality.h; the lowest byte is the execution domain.
var personalityFlags = []string{
	17: "UNAME26", 18: "ADDR_NO_RANDOMIZE", 19: "FDPIC_FUNCPTRS", 20: "MMAP_PAGE_ZERO", 21: "ADDR_COMPAT_LAYOUT",
	22: "READ_IMPLIES_EXEC", 23: "ADDR_LIMIT_32BIT", 24: "SHORT_INODE", 25: "WHOLE_SECONDS", 26: "STICKY_TIMEOUTS",
	27: "ADDR_LIMIT_3GB",
}

// capabilities are the names of capabilities, by number.
var capabilities = sysflow.Capabilities()
