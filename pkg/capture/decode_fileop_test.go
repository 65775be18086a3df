//go:build linux && (amd64 || arm64)

package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fileOpEvent lays out an operation on a file; what has no name but a path is the whole of it.
func fileOpEvent(e bpf.CaptureEventFileOp, dir, name, attr string) []byte {
	e.H = header(bpf.CaptureEventTypeEVENT_FILE_OP, e.H.Flags)
	e.DirLen, e.NameLen, e.AttrLen = uint16(len(dir)), uint16(len(name)), uint16(len(attr))
	return wire(e, dir, name, attr)
}

func TestDecodeFileOp(t *testing.T) {
	const minusOne = 1<<64 - 1
	for _, tt := range []struct {
		name      string
		event     bpf.CaptureEventFileOp
		dir, file string
		attr      string
		op        sysflow.OpFlags
		path      string
		args      []string
	}{
		{
			name: "failed open", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_OPEN)},
			dir: "www\x00var\x00", file: "../../etc/shadow", op: sysflow.OpOpen, path: "/etc/shadow",
			args: []string{"name=../../etc/shadow", "flags=O_RDONLY"},
		},
		{
			name: "open that made a file",
			event: bpf.CaptureEventFileOp{
				Op: uint16(bpf.CaptureFileOpFILE_OP_OPEN), Value: [2]uint64{0o2000101, 0o755}, Whole: 1, FileType: 'f',
			},
			dir: "x\x00real\x00", file: "/link/x", op: sysflow.OpOpen, path: "/real/x",
			args: []string{"name=/link/x", "flags=O_WRONLY|O_CREAT|O_CLOEXEC", "mode=0755"},
		},
		{
			name: "chmod", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_CHMOD), Value: [2]uint64{0o4755}},
			file: "/bin//x", op: sysflow.OpChmod, path: "/bin/x", args: []string{"mode=04755"},
		},
		{
			name: "mode 0", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_CHMOD)},
			file: "/x", op: sysflow.OpChmod, path: "/x", args: []string{"mode=0000"},
		},
		{
			name: "fchown",
			event: bpf.CaptureEventFileOp{
				Op: uint16(bpf.CaptureFileOpFILE_OP_CHOWN), Value: [2]uint64{1000, 0xffffffff}, Whole: 1, FileType: 'd',
			},
			op: sysflow.OpChown, path: "/", args: []string{"uid=1000", "gid=-1"},
		},
		{
			name: "truncate", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_TRUNCATE), Value: [2]uint64{minusOne}},
			dir: "tmp\x00", file: "x", op: sysflow.OpFtruncate, path: "/tmp/x", args: []string{"length=-1"},
		},
		{
			name: "mknod", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_MKNOD), Value: [2]uint64{0o20666, 0x103}},
			file: "/dev/null", op: sysflow.OpMknod, path: "/dev/null", args: []string{"mode=020666", "dev=259"},
		},
		{
			name: "setxattr", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_SETXATTR)},
			dir: "tmp\x00", file: "x", attr: "security.capability", op: sysflow.OpSetxattr, path: "/tmp/x",
			args: []string{"name=security.capability"},
		},
		{
			name:  "closed directory",
			event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_CHMOD), H: header(0, flagNoDir1)},
			file:  "a", op: sysflow.OpChmod, path: "a", args: []string{"mode=0000"},
		},
		{
			name: "bound to a path", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_BIND), Whole: 1, FileType: 'u'},
			dir: "/run//s\x00", op: sysflow.OpBind, path: "/run/s",
		},
		{
			name:  "listens on a relative path",
			event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_LISTEN), Whole: 1, FileType: 'u', Value: [2]uint64{128}},
			dir:   "s\x00run\x00", op: sysflow.OpListen, path: "/run/s", args: []string{"backlog=128"},
		},
		{
			name: "bound to an abstract name", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_BIND), Whole: 1, FileType: 'u'},
			dir: "\x00a\x00b\x00\x00", op: sysflow.OpBind, path: "@a@b",
		},
		{
			name: "failed connect", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_CONNECT), FileType: 'u'},
			dir: "run\x00", file: "s\x00garbage", op: sysflow.OpConnect, path: "/run/s",
		},
		{
			name: "failed connect to an abstract name", event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_CONNECT), FileType: 'u'},
			file: "\x00none", op: sysflow.OpConnect, path: "@none",
		},
		{
			name:  "mknod of a socket",
			event: bpf.CaptureEventFileOp{Op: uint16(bpf.CaptureFileOpFILE_OP_MKNOD), FileType: 'u', Value: [2]uint64{0o140644}},
			dir:   "tmp\x00", file: "s", op: sysflow.OpMknod, path: "/tmp/s", args: []string{"mode=0140644", "dev=0"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeOne(t, fileOpEvent(tt.event, tt.dir, tt.file, tt.attr))
			assert.Equal(t, flow.EventName, e.Type)
			assert.Equal(t, int32(-2), e.Ret)
			assert.Equal(t, sysflow.FileType(tt.event.FileType), e.FileType)
			assert.Equal(t, tt.op, e.Op)
			assert.Equal(t, tt.path, e.Path)
			assert.Equal(t, tt.args, e.Args)
		})
	}
}

func TestUnknownOperations(t *testing.T) {
	for _, b := range [][]byte{
		fileOpEvent(bpf.CaptureEventFileOp{}, "", "", ""),
		fileOpEvent(bpf.CaptureEventFileOp{Op: uint16(len(fileOps))}, "", "", ""),
		socketOpEvent(bpf.CaptureEventSocketOp{}),
		socketOpEvent(bpf.CaptureEventSocketOp{Op: uint32(len(socketOps))}),
	} {
		_, _, err := testDecoder().decode(b)
		assert.ErrorContains(t, err, "unknown operation")
	}
}

// TestEveryOperationIsKnown: what the programs number has a name here.
func TestEveryOperationIsKnown(t *testing.T) {
	spec, err := bpf.LoadCapture()
	require.NoError(t, err)
	files, sockets := enumValues(t, spec, "file_op"), enumValues(t, spec, "socket_op")
	assert.Len(t, files, len(fileOps))
	assert.Len(t, sockets, len(socketOps))
	for name, n := range files {
		assert.Equal(t, name == "FILE_OP_NONE", fileOps[n] == 0, name)
	}
	for name, n := range sockets {
		assert.Equal(t, name == "SOCKET_OP_NONE", socketOps[n] == 0, name)
	}
}

func TestUnixPath(t *testing.T) {
	for bytes, want := range map[string]string{
		"/run/docker.sock\x00":    "/run/docker.sock",
		"/run/../run/docker":      "/run/docker",
		"\x00/org/bus":            "@/org/bus",
		"\x00pad\x00\x00\x00":     "@pad",
		"\x00":                    "@",
		"\x00\x00x":               "@@x",
		"sock\x00dir\x00":         "/dir/sock",
		"":                        "",
		"/a\nb\x00behind the NUL": "/a\nb",
	} {
		assert.Equal(t, want, unixPath([]byte(bytes)), "%q", bytes)
	}
}

func TestDecodeUnixStart(t *testing.T) {
	start := bpf.CaptureEventFileStart{H: header(bpf.CaptureEventTypeEVENT_FILE_START, 0), Id: 7, Fd: 3, FileType: 'u'}
	e := decodeOne(t, wire(start, "\x00bus"))
	assert.Equal(t, flow.EventFlowStart, e.Type)
	assert.Equal(t, sysflow.FileUnix, e.FileType)
	assert.Equal(t, "@bus", e.Path)
}
