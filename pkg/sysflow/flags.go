package sysflow

import (
	"fmt"
	"strings"
)

// OpFlags is a set of operations. Events have exactly one, flows collect several.
type OpFlags int32

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

var opNames = []string{
	"CLONE", "EXEC", "EXIT", "SETUID", "SETNS", "ACCEPT", "CONNECT", "OPEN", "READ_RECV", "WRITE_SEND",
	"CLOSE", "TRUNCATE", "SHUTDOWN", "MMAP", "DIGEST", "MKDIR", "RMDIR", "LINK", "UNLINK", "SYMLINK", "RENAME",
}

// Names lists the operations in bit order; a bit without a name is shown as 0x....
func (f OpFlags) Names() []string { return bitNames(uint32(f), opNames) }

// String joins the names by "|".
func (f OpFlags) String() string { return strings.Join(f.Names(), "|") }

// ParseOpFlags parses names joined by "|" or ",", in any case. READ and RECV stand
// for READ_RECV, WRITE and SEND for WRITE_SEND.
func ParseOpFlags(s string) (OpFlags, error) {
	v, err := parseBits(s, "operation", func(name string) (uint32, bool) {
		switch name {
		case "READ", "RECV":
			return uint32(OpReadRecv), true
		case "WRITE", "SEND":
			return uint32(OpWriteSend), true
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
		return append([]string{"RDWR"}, bitNames(uint32(f&^OpenReadWrite), openNames)...)
	}
	return bitNames(uint32(f), openNames)
}

// String joins the names by "|".
func (f OpenFlags) String() string { return strings.Join(f.Names(), "|") }

// CanRead reports whether the file was opened for reading.
func (f OpenFlags) CanRead() bool { return f&OpenReadOnly != 0 }

// CanWrite reports whether the file was opened for writing.
func (f OpenFlags) CanWrite() bool { return f&OpenWriteOnly != 0 }

// ParseOpenFlags parses names joined by "|" or ",", in any case.
func ParseOpenFlags(s string) (OpenFlags, error) {
	v, err := parseBits(s, "open flag", func(name string) (uint32, bool) {
		if name == "RDWR" {
			return uint32(OpenReadWrite), true
		}
		return bitOf(name, openNames)
	})
	return OpenFlags(v), err
}

// Linux' O_ constants as on x86-64; the BPF programs pass the words of the system
// call on, whatever the architecture this code was compiled for.
const (
	linuxOAccmode   = 0o3
	linuxOWronly    = 0o1
	linuxORdwr      = 0o2
	linuxOCreat     = 0o100
	linuxOExcl      = 0o200
	linuxOTrunc     = 0o1000
	linuxOAppend    = 0o2000
	linuxONonblock  = 0o4000
	linuxODsync     = 0o10000
	linuxODirect    = 0o40000
	linuxOLargefile = 0o100000
	linuxODirectory = 0o200000
	linuxOCloexec   = 0o2000000
	linuxOSyncBit   = 0o4000000
	linuxOTmpfile   = 0o20000000
)

// OpenFlagsFromLinux maps the flags of an open system call (x86-64 numbering) to
// SysFlow's. As with Falco's drivers O_SYNC also sets DSYNC; unlike them, O_DSYNC alone does not
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

func bitNames(v uint32, names []string) []string {
	var out []string
	for i, n := range names {
		if v&(1<<i) != 0 {
			out = append(out, n)
			v &^= 1 << i
		}
	}
	if v != 0 {
		out = append(out, fmt.Sprintf("%#x", v))
	}
	return out
}

func bitOf(name string, names []string) (uint32, bool) {
	for i, n := range names {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

func parseBits(s, what string, lookup func(string) (uint32, bool)) (uint32, error) {
	var v uint32
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '|' || r == ',' || r == ' ' }) {
		var hex uint32
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
