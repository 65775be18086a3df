//go:build linux && (amd64 || arm64)

package capture

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fileOps are the operations of events about files, by the number that the kernel side gives them.
var fileOps = [...]sysflow.OpFlags{
	bpf.CaptureFileOpFILE_OP_OPEN:     sysflow.OpOpen,
	bpf.CaptureFileOpFILE_OP_CHMOD:    sysflow.OpChmod,
	bpf.CaptureFileOpFILE_OP_CHOWN:    sysflow.OpChown,
	bpf.CaptureFileOpFILE_OP_TRUNCATE: sysflow.OpFtruncate,
	bpf.CaptureFileOpFILE_OP_MKNOD:    sysflow.OpMknod,
	bpf.CaptureFileOpFILE_OP_SETXATTR: sysflow.OpSetxattr,
	bpf.CaptureFileOpFILE_OP_BIND:     sysflow.OpBind,
	bpf.CaptureFileOpFILE_OP_LISTEN:   sysflow.OpListen,
	bpf.CaptureFileOpFILE_OP_CONNECT:  sysflow.OpConnect,
}

// fileOp decodes an operation on one file with its arguments.
func (d *decoder) fileOp(b []byte) error {
	r, rest, err := view[bpf.CaptureEventFileOp](b)
	if err != nil {
		return err
	}
	dir, rest, err := split(rest, int(r.DirLen))
	if err != nil {
		return err
	}
	name, rest, err := split(rest, int(r.NameLen))
	if err != nil {
		return err
	}
	attr, _, err := split(rest, int(r.AttrLen))
	if err != nil {
		return err
	}
	if int(r.Op) >= len(fileOps) || fileOps[r.Op] == 0 {
		return fmt.Errorf("unknown operation %d on a file", r.Op)
	}
	e := &d.event
	e.Type = flow.EventName
	e.Op = fileOps[r.Op]
	e.FileType = sysflow.FileType(r.FileType)
	switch unix := e.FileType == sysflow.FileUnix && len(dir)+len(name) > 0; {
	case r.Whole != 0 && unix:
		e.Path = unixPath(dir)
	case r.Whole != 0:
		e.Path = d.path(dir)
	case unix && len(name) > 0 && name[0] == 0:
		e.Path = abstractName(name)
	default:
		e.Path = nameOf(dir, r.H.Flags&flagNoDir1 == 0, cString(name))
	}
	e.Args = fileArgs(e.Op, r.Value, string(name), string(attr))
	return nil
}

// fileArgs words the arguments of an operation.
func fileArgs(op sysflow.OpFlags, value [2]uint64, name, attr string) []string {
	switch op {
	case sysflow.OpOpen:
		args := []string{"name=" + name, "flags=" + openFlagsText(value[0])}
		if value[0]&(linuxOCreat|linuxOTmpfile) != 0 {
			args = append(args, modeText(value[1]))
		}
		return args
	case sysflow.OpChmod:
		return []string{modeText(value[0])}
	case sysflow.OpChown:
		return []string{idText("uid", value[0]), idText("gid", value[1])}
	case sysflow.OpFtruncate:
		return []string{"length=" + strconv.FormatInt(int64(value[0]), 10)} // bit pattern
	case sysflow.OpMknod:
		return []string{modeText(value[0]), "dev=" + strconv.FormatUint(value[1], 10)}
	case sysflow.OpSetxattr:
		return []string{"name=" + attr}
	case sysflow.OpListen:
		return []string{backlogText(uint32(value[0]))}
	}
	return nil
}

// With these flags an open has a mode.
const (
	linuxOCreat   = 0o100
	linuxOTmpfile = 0o20000000
)

// openFlagsText words the flags of an open as Falco does: "O_RDONLY|O_CLOEXEC".
func openFlagsText(flags uint64) string {
	return "O_" + strings.Join(sysflow.OpenFlagsFromLinux(flags).Names(), "|O_")
}

// modeText words a mode as an octal number with a leading zero.
func modeText(mode uint64) string { return fmt.Sprintf("mode=%#04o", mode) }

// idText words a user or group id; -1 leaves the file's as it is.
func idText(name string, id uint64) string {
	return name + "=" + strconv.Itoa(int(int32(id))) // bit pattern, as in SysFlow
}

func backlogText(n uint32) string {
	return "backlog=" + strconv.Itoa(int(int32(n))) // bit pattern
}

// unixPath names a unix socket by the address that it is bound to: a path, or an abstract name.
// Of one that is bound to a relative path the kernel side sends the path of its file.
func unixPath(b []byte) string {
	switch {
	case len(b) == 0:
		return ""
	case b[0] == '/':
		return path.Clean(cString(b))
	case b[0] == 0:
		return abstractName(b)
	}
	return pathOf(b)
}

// abstractName shows an abstract name as /proc/net/unix does: each NUL as '@', besides those
// that fill the rest of the address.
func abstractName(b []byte) string {
	name := bytes.TrimRight(b[1:], "\x00")
	return "@" + strings.ReplaceAll(string(name), "\x00", "@")
}

// cString returns a text up to its NUL, if it has one.
func cString(b []byte) string {
	text, _, _ := bytes.Cut(b, []byte{0})
	return string(text)
}
