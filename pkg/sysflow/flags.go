package sysflow

import (
	"fmt"
	"slices"
	"strings"
)

// OpFlags is a set of operations. Events have exactly one, flows collect several.
type OpFlags int64

// Operations, numbered as in SysFlow's op_flags.h.
const (
	OpClone    OpFlags = 1 << 0
	OpExec     OpFlags = 1 << 1
	OpExit     OpFlags = 1 << 2
	OpSetuid   OpFlags = 1 << 3
	OpSetns    OpFlags = 1 << 4
	OpAccept   OpFlags = 1 << 5
	OpConnect  OpFlags = 1 << 6
	OpOpen     OpFlags = 1 << 7
	OpReadRecv OpFlags = 1 << 8
	// OpWriteSend is the operation of write and of send.
	OpWriteSend OpFlags = 1 << 9
	OpClose     OpFlags = 1 << 10
	// OpTruncate marks a flow that ended without a close.
	OpTruncate OpFlags = 1 << 11
	OpShutdown OpFlags = 1 << 12
	OpMmap     OpFlags = 1 << 13
	OpDigest   OpFlags = 1 << 14
	OpMkdir    OpFlags = 1 << 15
	OpRmdir    OpFlags = 1 << 16
	OpLink     OpFlags = 1 << 17
	OpUnlink   OpFlags = 1 << 18
	OpSymlink  OpFlags = 1 << 19
	OpRename   OpFlags = 1 << 20
)

// Operations since version 6, but for OpPtrace, which has its number from upstream's Go library.
// Those from OpMount on, the upper 32 bits, are in a field of their own, as the old one has no
// bits left.
const (
	OpPtrace OpFlags = 1 << 21
	// OpSetgid is any change of group ids.
	OpSetgid  OpFlags = 1 << 22
	OpCapset  OpFlags = 1 << 23
	OpChroot  OpFlags = 1 << 24
	OpUnshare OpFlags = 1 << 25
	OpPrctl   OpFlags = 1 << 26
	// OpKill is any way to send a signal.
	OpKill OpFlags = 1 << 27
	// OpModule loads a kernel module.
	OpModule      OpFlags = 1 << 28
	OpBPF         OpFlags = 1 << 29
	OpUserfaultfd OpFlags = 1 << 30
	OpMount       OpFlags = 1 << 32
	OpUmount      OpFlags = 1 << 33
	OpPivotRoot   OpFlags = 1 << 34
	OpMemfdCreate OpFlags = 1 << 35
	OpPersonality OpFlags = 1 << 36
	OpChmod       OpFlags = 1 << 37
	OpChown       OpFlags = 1 << 38
	// OpFtruncate sets the size of a file, by name or descriptor; OpTruncate is something else.
	OpFtruncate OpFlags = 1 << 39
	OpMknod     OpFlags = 1 << 40
	OpSetxattr  OpFlags = 1 << 41
	OpSocket    OpFlags = 1 << 42
	OpBind      OpFlags = 1 << 43
	OpListen    OpFlags = 1 << 44
	// OpDup makes a socket one of the standard descriptors.
	OpDup OpFlags = 1 << 45
)

var opNames = []string{
	"CLONE", "EXEC", "EXIT", "SETUID", "SETNS", "ACCEPT", "CONNECT", "OPEN", "READ_RECV", "WRITE_SEND",
	"CLOSE", "TRUNCATE", "SHUTDOWN", "MMAP", "DIGEST", "MKDIR", "RMDIR", "LINK", "UNLINK", "SYMLINK", "RENAME",
	"PTRACE", "SETGID", "CAPSET", "CHROOT", "UNSHARE", "PRCTL", "KILL", "MODULE", "BPF", "USERFAULTFD",
	"", "MOUNT", "UMOUNT", "PIVOT_ROOT", "MEMFD_CREATE", "PERSONALITY",
	"CHMOD", "CHOWN", "FTRUNCATE", "MKNOD", "SETXATTR", "SOCKET", "BIND", "LISTEN", "DUP",
}

// Names lists the operations in bit order; a bit without a name is shown as 0x....
func (f OpFlags) Names() []string { return bitNames(uint64(f), opNames) }

// String joins the names by "|".
func (f OpFlags) String() string { return strings.Join(f.Names(), "|") }

// ParseOpFlags parses names joined by "|" or ",", in any case. READ and RECV stand
// for READ_RECV, WRITE and SEND for WRITE_SEND.
func ParseOpFlags(s string) (OpFlags, error) {
	v, err := parseBits(s, "operation", func(name string) (uint64, bool) {
		switch name {
		case "READ", "RECV":
			return uint64(OpReadRecv), true
		case "WRITE", "SEND":
			return uint64(OpWriteSend), true
		}
		return bitOf(name, opNames)
	})
	return OpFlags(v), err
}

// OpenFlags is SysFlow's word for the flags of an open, not Linux' O_ constants.
type OpenFlags int32

// Open flags, numbered as in SysFlow's op_flags.h. OpenReadWrite is both bits.
// The last four are known to Falco's drivers only and are ignored by readers.
const (
	OpenReadOnly   OpenFlags = 1 << 0
	OpenWriteOnly  OpenFlags = 1 << 1
	OpenReadWrite            = OpenReadOnly | OpenWriteOnly
	OpenCreate     OpenFlags = 1 << 2
	OpenAppend     OpenFlags = 1 << 3
	OpenDsync      OpenFlags = 1 << 4
	OpenExcl       OpenFlags = 1 << 5
	OpenNonblock   OpenFlags = 1 << 6
	OpenSync       OpenFlags = 1 << 7
	OpenTrunc      OpenFlags = 1 << 8
	OpenDirect     OpenFlags = 1 << 9
	OpenDirectory  OpenFlags = 1 << 10
	OpenLargefile  OpenFlags = 1 << 11
	OpenCloexec    OpenFlags = 1 << 12
	OpenTmpfile    OpenFlags = 1 << 13
	OpenCreated    OpenFlags = 1 << 14
	OpenUpperLayer OpenFlags = 1 << 15
	OpenLowerLayer OpenFlags = 1 << 16
)

var openNames = []string{
	"RDONLY", "WRONLY", "CREAT", "APPEND", "DSYNC", "EXCL", "NONBLOCK", "SYNC", "TRUNC", "DIRECT",
	"DIRECTORY", "LARGEFILE", "CLOEXEC", "TMPFILE", "F_CREATED", "UPPER_LAYER", "LOWER_LAYER",
}

// Names lists the flags in bit order; read and write together are RDWR.
func (f OpenFlags) Names() []string {
	if f&OpenReadWrite == OpenReadWrite {
		return append([]string{"RDWR"}, bitNames(uint64(uint32(f&^OpenReadWrite)), openNames)...)
	}
	return bitNames(uint64(uint32(f)), openNames)
}

// String joins the names by "|".
func (f OpenFlags) String() string { return strings.Join(f.Names(), "|") }

// CanRead reports whether the file was opened for reading.
func (f OpenFlags) CanRead() bool { return f&OpenReadOnly != 0 }

// CanWrite reports whether the file was opened for writing.
func (f OpenFlags) CanWrite() bool { return f&OpenWriteOnly != 0 }

// ParseOpenFlags parses names joined by "|" or ",", in any case.
func ParseOpenFlags(s string) (OpenFlags, error) {
	v, err := parseBits(s, "open flag", func(name string) (uint64, bool) {
		if name == "RDWR" {
			return uint64(OpenReadWrite), true
		}
		return bitOf(name, openNames)
	})
	return OpenFlags(v), err
}

// Linux' O_ constants. Some are numbered by the architecture, see flags_arm64.go: the
// BPF programs pass the words of the system call on.
const (
	linuxOAccmode  = 0o3
	linuxOWronly   = 0o1
	linuxORdwr     = 0o2
	linuxOCreat    = 0o100
	linuxOExcl     = 0o200
	linuxOTrunc    = 0o1000
	linuxOAppend   = 0o2000
	linuxONonblock = 0o4000
	linuxODsync    = 0o10000
	linuxOCloexec  = 0o2000000
	linuxOSyncBit  = 0o4000000
	linuxOTmpfile  = 0o20000000
)

// OpenFlagsFromLinux maps the flags of an open system call, numbered as on this
// architecture, to SysFlow's. As with Falco's drivers O_SYNC also sets DSYNC; unlike them, O_DSYNC alone does not
// set SYNC and O_DIRECTORY alone does not set TMPFILE.
func OpenFlagsFromLinux(o uint64) OpenFlags {
	var f OpenFlags
	switch o & linuxOAccmode {
	case linuxOWronly:
		f = OpenWriteOnly
	case linuxORdwr:
		f = OpenReadWrite
	default:
		f = OpenReadOnly
	}
	for _, m := range [...]struct {
		linux uint64
		flag  OpenFlags
	}{
		{linuxOCreat, OpenCreate},
		{linuxOExcl, OpenExcl},
		{linuxOTrunc, OpenTrunc},
		{linuxOAppend, OpenAppend},
		{linuxONonblock, OpenNonblock},
		{linuxODsync, OpenDsync},
		{linuxODirect, OpenDirect},
		{linuxOLargefile, OpenLargefile},
		{linuxODirectory, OpenDirectory},
		{linuxOCloexec, OpenCloexec},
		{linuxOSyncBit, OpenSync | OpenDsync},
		{linuxOTmpfile, OpenTmpfile},
	} {
		if o&m.linux != 0 {
			f |= m.flag
		}
	}
	return f
}

var originNames = []string{"syscall", "io_uring"}

// Names lists the origins; the zero value is syscall.
func (o Origin) Names() []string {
	if o == 0 {
		return originNames[:1]
	}
	return bitNames(uint64(uint32(o)), originNames)
}

// String joins the names by "|".
func (o Origin) String() string { return strings.Join(o.Names(), "|") }

// ParseOrigin parses names joined by "|" or ",", in any case.
func ParseOrigin(s string) (Origin, error) {
	v, err := parseBits(s, "origin", func(name string) (uint64, bool) {
		return bitOf(strings.ToLower(name), originNames)
	})
	return Origin(v), err
}

var exeFlagNames = []string{"WRITABLE", "UPPER_LAYER", "LOWER_LAYER", "MEMFD"}

// ExeFlagNames returns the names of all flags of executables, by bit.
func ExeFlagNames() []string { return slices.Clone(exeFlagNames) }

// Names lists the flags in bit order.
func (f ExeFlags) Names() []string { return bitNames(uint64(uint32(f)), exeFlagNames) }

// String joins the names by "|".
func (f ExeFlags) String() string { return strings.Join(f.Names(), "|") }

// ParseExeFlags parses names joined by "|" or ",", in any case.
func ParseExeFlags(s string) (ExeFlags, error) {
	v, err := parseBits(s, "flag of an executable", func(name string) (uint64, bool) {
		return bitOf(name, exeFlagNames)
	})
	return ExeFlags(v), err
}

func bitNames(v uint64, names []string) []string {
	var out []string
	for i, n := range names {
		if v&(1<<i) != 0 && n != "" {
			out = append(out, n)
			v &^= 1 << i
		}
	}
	if v != 0 {
		out = append(out, fmt.Sprintf("%#x", v))
	}
	return out
}

func bitOf(name string, names []string) (uint64, bool) {
	for i, n := range names {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

func parseBits(s, what string, lookup func(string) (uint64, bool)) (uint64, error) {
	var v uint64
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == ',' || r == ' ' }) {
		var hex uint64
		if bit, ok := lookup(strings.ToUpper(name)); ok {
			v |= bit
		} else if n, err := fmt.Sscanf(name, "0x%x", &hex); n == 1 && err == nil {
			v |= hex
		} else {
			return 0, fmt.Errorf("unknown %s %q", what, name)
		}
	}
	return v, nil
}
