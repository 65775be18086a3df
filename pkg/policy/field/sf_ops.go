package field

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

type opName struct {
	op sysflow.OpFlags
	// other is the name on the network, where that differs.
	name, other string
}

// opNames are in the order of sf-processor.
var opNames = [...]opName{
	{sysflow.OpMkdir, "MKDIR", ""},
	{sysflow.OpRmdir, "RMDIR", ""},
	{sysflow.OpLink, "LINK", ""},
	{sysflow.OpSymlink, "SYMLINK", ""},
	{sysflow.OpUnlink, "UNLINK", ""},
	{sysflow.OpRename, "RENAME", ""},
	{sysflow.OpClone, "CLONE", ""},
	{sysflow.OpExec, "EXEC", ""},
	{sysflow.OpExit, "EXIT", ""},
	{sysflow.OpSetuid, "SETUID", ""},
	{sysflow.OpOpen, "OPEN", ""},
	{sysflow.OpAccept, "ACCEPT", ""},
	{sysflow.OpConnect, "CONNECT", ""},
	{sysflow.OpClose, "CLOSE", ""},
	{sysflow.OpWriteSend, "WRITE", "SEND"},
	{sysflow.OpReadRecv, "READ", "RECV"},
	{sysflow.OpSetns, "SETNS", ""},
	{sysflow.OpMmap, "MMAP", ""},
	{sysflow.OpShutdown, "SHUTDOWN", ""},
	{sysflow.OpTruncate, "TRUNCATE", ""},
	{sysflow.OpDigest, "DIGEST", ""},
	// Those that sf-processor does not know.
	{sysflow.OpPtrace, "PTRACE", ""},
	{sysflow.OpSetgid, "SETGID", ""},
	{sysflow.OpCapset, "CAPSET", ""},
	{sysflow.OpChroot, "CHROOT", ""},
	{sysflow.OpUnshare, "UNSHARE", ""},
	{sysflow.OpPrctl, "PRCTL", ""},
	{sysflow.OpKill, "KILL", ""},
	{sysflow.OpModule, "MODULE", ""},
	{sysflow.OpBPF, "BPF", ""},
	{sysflow.OpUserfaultfd, "USERFAULTFD", ""},
	{sysflow.OpMount, "MOUNT", ""},
	{sysflow.OpUmount, "UMOUNT", ""},
	{sysflow.OpPivotRoot, "PIVOT_ROOT", ""},
	{sysflow.OpMemfdCreate, "MEMFD_CREATE", ""},
	{sysflow.OpPersonality, "PERSONALITY", ""},
	{sysflow.OpChmod, "CHMOD", ""},
	{sysflow.OpChown, "CHOWN", ""},
	{sysflow.OpFtruncate, "FTRUNCATE", ""},
	{sysflow.OpMknod, "MKNOD", ""},
	{sysflow.OpSetxattr, "SETXATTR", ""},
	{sysflow.OpSocket, "SOCKET", ""},
	{sysflow.OpBind, "BIND", ""},
	{sysflow.OpListen, "LISTEN", ""},
	{sysflow.OpDup, "DUP", ""},
}

func opTexts(to []string, kind sysflow.Kind, ops sysflow.OpFlags, _ bool) []string {
	network := kind == sysflow.KindNetworkFlow || kind == sysflow.KindNetworkEvent
	for i := range opNames {
		if n := &opNames[i]; ops&n.op != 0 {
			if network && n.other != "" {
				to = append(to, n.other)
			} else {
				to = append(to, n.name)
			}
		}
	}
	return to
}

// Operations is the attribute with the names of operations.
const Operations = "sf.opflags"

// OpNames says which values of sf.opflags a name in a rule stands for: its own, in upper
// case, or both of READ_RECV and WRITE_SEND. It is nil for what names no operation.
func OpNames(name string) []string {
	name = strings.ToUpper(name)
	switch name {
	case "READ_RECV":
		return []string{"READ", "RECV"}
	case "WRITE_SEND":
		return []string{"WRITE", "SEND"}
	}
	for i := range opNames {
		n := &opNames[i]
		if name == n.name || n.other != "" && name == n.other {
			return []string{name}
		}
	}
	return nil
}

// sfOpenFlags are in the order of sf-processor.
var sfOpenFlags = [...]struct {
	flag sysflow.OpenFlags
	name string
}{
	{sysflow.OpenReadOnly, "RDONLY"},
	{sysflow.OpenWriteOnly, "WRONLY"},
	{sysflow.OpenReadWrite, "RDWR"},
	{sysflow.OpenCreate, "CREAT"},
	{sysflow.OpenExcl, "EXCL"},
	{sysflow.OpenTrunc, "TRUNC"},
	{sysflow.OpenAppend, "APPEND"},
	{sysflow.OpenNonblock, "NONBLOCK"},
	{sysflow.OpenDsync, "DSYNC"},
	{sysflow.OpenDirect, "DIRECT"},
	{sysflow.OpenLargefile, "LARGEFILE"},
	{sysflow.OpenDirectory, "DIRECTORY"},
	{sysflow.OpenCloexec, "CLOEXEC"},
	{sysflow.OpenSync, "SYNC"},
}

func openFlagTexts() []string {
	list := make([]string, len(sfOpenFlags))
	for i := range sfOpenFlags {
		list[i] = sfOpenFlags[i].name
	}
	return list
}

// openTexts lists every flag that is set; reading and writing are RDONLY, WRONLY and RDWR.
func openTexts(to []string, r *Record) []string {
	if r.Kind != sysflow.KindFileFlow {
		return to
	}
	for _, f := range sfOpenFlags {
		if r.OpenFlags&f.flag == f.flag {
			to = append(to, f.name)
		}
	}
	return to
}
