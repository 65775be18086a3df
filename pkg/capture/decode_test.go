//go:build linux && (amd64 || arm64)

package capture

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func header(t bpf.CaptureEventType, flags uint16) bpf.CaptureEventHeader {
	return bpf.CaptureEventHeader{Type: uint16(t), Flags: flags, Ret: -2, Pid: 10, Tid: 11, Ts: 2000, Start: 1000}
}

// wire lays an event out as the kernel side sends it.
func wire[T any](event T, texts ...string) []byte {
	b := make([]byte, unsafe.Sizeof(event))
	copy(b, unsafe.Slice((*byte)(unsafe.Pointer(&event)), len(b)))
	for _, s := range texts {
		b = append(b, s...)
	}
	return b
}

// testDecoder lives at the time of boot, so that times are as in the events.
func testDecoder() *decoder {
	return &decoder{texts: make(map[string]string)}
}

func decodeOne(t *testing.T, b []byte) *flow.Event {
	t.Helper()
	e, _, err := testDecoder().decode(b)
	require.NoError(t, err)
	assert.Equal(t, []int64{2000, 10, 11, 1000}, []int64{e.TS, int64(e.PID), int64(e.TID), e.CreateTS})
	return e
}

func execEvent() []byte {
	const exe, cwd, args, env = "dash\x00bin\x00", "root\x00", "sh\x00-c\x00a b\x00", "A=1\x00B=\x00"
	return wire(bpf.CaptureEventExec{
		H:         header(bpf.CaptureEventTypeEVENT_EXEC, flagTTY),
		ParentPid: 9, ParentStart: 500, Uid: 1000, Gid: ^uint32(0),
		ExeLen: uint16(len(exe)), CwdLen: uint16(len(cwd)), ArgsLen: uint16(len(args)), EnvLen: uint16(len(env)),
		Task: taskDetails(),
		Exe:  bpf.CaptureExeDetails{Ino: 20, Ctime: 21, Mtime: 22, Flags: 0b1011},
	}, exe, cwd, args, env)
}

func TestDecodeExec(t *testing.T) {
	e := decodeOne(t, execEvent())
	details := wantDetails()
	details.Argv0 = "sh"
	details.ExeFlags = sysflow.ExeWritable | sysflow.ExeUpperLayer | sysflow.ExeMemfd
	details.ExeIno, details.ExeCTime, details.ExeMTime = 20, 21, 22
	assert.Equal(t, flow.EventExec, e.Type)
	assert.Equal(t, &flow.ProcessInfo{
		Exe: "/bin/dash", ExeArgs: "-c a b", CWD: "/root", Env: []string{"A=1", "B="},
		UID: 1000, GID: -1, TTY: true, ParentPID: 9, ParentCreateTS: 500,
		Details: &details,
	}, e.Process)
}

func nameEvent(flags uint16, op sysflow.OpFlags, dir1, name1, dir2, name2 string) []byte {
	return wire(bpf.CaptureEventName{
		H: header(bpf.CaptureEventTypeEVENT_NAME, flags), Op: uint32(op),
		Dir1Len: uint16(len(dir1)), Name1Len: uint16(len(name1)),
		Dir2Len: uint16(len(dir2)), Name2Len: uint16(len(name2)),
	}, dir1, name1, dir2, name2)
}

func TestDecodeNames(t *testing.T) {
	for _, tt := range []struct {
		name          string
		event         []byte
		path, newPath string
	}{
		{"one name", nameEvent(0, sysflow.OpMkdir, "tmp\x00", "d", "", ""), "/tmp/d", ""},
		{"two names", nameEvent(0, sysflow.OpRename, "tmp\x00", "a", "", "/b"), "/tmp/a", "/b"},
		{"second in the root", nameEvent(0, sysflow.OpLink, "", "/a", "", "b"), "/a", "/b"},
		{"closed directory", nameEvent(flagNoDir1, sysflow.OpUnlink, "", "a", "", ""), "a", ""},
		{"symlink", nameEvent(0, sysflow.OpSymlink, "cwd\x00", "target", "etc\x00", "link"), "/etc/target", "/etc/link"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := decodeOne(t, tt.event)
			assert.Equal(t, flow.EventName, e.Type)
			assert.Equal(t, int32(-2), e.Ret)
			assert.Equal(t, []string{tt.path, tt.newPath}, []string{e.Path, e.NewPath})
			assert.Zero(t, e.Origin)
		})
	}
	e := decodeOne(t, nameEvent(flagIOUring, sysflow.OpUnlink, "tmp\x00", "a", "", ""))
	assert.Equal(t, sysflow.OriginIOUring, e.Origin)
}

func TestDecodeFileStart(t *testing.T) {
	start := bpf.CaptureEventFileStart{
		H: header(bpf.CaptureEventTypeEVENT_FILE_START, 0), Id: 7, Fd: 3, FileType: 'f',
		Ops: uint32(sysflow.OpOpen), OpenFlags: 0o1101,
	}
	e := decodeOne(t, wire(start, "x\x00tmp\x00"))
	assert.Equal(t, flow.EventFlowStart, e.Type)
	assert.Equal(t, flow.Key{ID: 7, PID: 10, FD: 3}, e.Flow)
	assert.Equal(t, "/tmp/x", e.Path)
	assert.Equal(t, sysflow.OpenWriteOnly|sysflow.OpenCreate|sysflow.OpenTrunc, e.OpenFlags)

	start.Ops, start.Nsfs, start.Ino = uint32(sysflow.OpSetns), 1, 4026531840
	e = decodeOne(t, wire(start, "net"))
	assert.Equal(t, "net:[4026531840]", e.Path)
	assert.Zero(t, e.OpenFlags)

	start.Nsfs, start.FileType = 0, 'p'
	assert.Equal(t, "pipe:[4026531840]", decodeOne(t, wire(start)).Path)
}

func TestDecodeSockets(t *testing.T) {
	start := bpf.CaptureEventSocketStart{
		H: header(bpf.CaptureEventTypeEVENT_SOCKET_START, 0), Id: 7, Socket: 6, Fd: 3,
		Kind: uint32(bpf.CaptureFlowKindFLOW_DATAGRAM),
	}
	start.Net.Local = netip.MustParseAddr("::ffff:127.0.0.1").As16()
	start.Net.Remote = netip.MustParseAddr("2001:db8::1").As16()
	start.Net.LocalPort, start.Net.RemotePort, start.Net.Proto = 40000, 53, 17
	start.Net.Role = uint16(bpf.CaptureSocketRoleROLE_INITIATOR)
	d := testDecoder()
	e, s, err := d.decode(wire(start))
	require.NoError(t, err)
	assert.Equal(t, socketFlow{socket: 6, kind: bpf.CaptureFlowKindFLOW_DATAGRAM}, s)
	assert.Equal(t, flow.Socket{
		Local: netip.MustParseAddrPort("127.0.0.1:40000"), Remote: netip.MustParseAddrPort("[2001:db8::1]:53"),
		Proto: sysflow.ProtoUDP, Role: flow.RoleInitiator,
	}, e.Socket)
	assert.Equal(t, e.Socket.Remote, e.Flow.Peer)
}

func TestDecodeFlowEnd(t *testing.T) {
	end := bpf.CaptureEventFlowEnd{
		Type: uint16(bpf.CaptureEventTypeEVENT_FLOW_END), Flags: flagClosed, Pid: 10, Ts: 2000,
		Id: 7, Fd: 3, Ops: uint32(sysflow.OpOpen),
	}
	end.Totals.ReadOps, end.Totals.ReadBytes = 2, 100
	e, s, err := testDecoder().decode(wire(end))
	require.NoError(t, err)
	assert.Equal(t, &flow.Event{
		Type: flow.EventFlowEnd, TS: 2000, PID: 10, Closed: true, Flow: flow.Key{ID: 7, PID: 10, FD: 3},
		Totals: flow.Totals{
			OpFlags:  sysflow.OpOpen | sysflow.OpReadRecv,
			Counters: sysflow.Counters{NumRRecvOps: 2, NumRRecvBytes: 100},
		},
	}, e)
	assert.Zero(t, s)

	end.Flags = flagDatagram
	_, s, err = testDecoder().decode(wire(end))
	require.NoError(t, err)
	assert.Equal(t, socketFlow{socket: 7, kind: bpf.CaptureFlowKindFLOW_DATAGRAM}, s, "its peers end with it")
}

// FuzzDecode: whatever the bytes, the decoder answers with an event or an error.
func FuzzDecode(f *testing.F) {
	f.Add(execEvent())
	f.Add(nameEvent(0, sysflow.OpRename, "tmp\x00", "a", "", "/b"))
	for class := range operations {
		f.Add(operationEvent(class, [4]uint64{1, 2, 3, 4}, "tmp\x00", "a", "b", "c"))
	}
	for op := range fileOps {
		f.Add(fileOpEvent(bpf.CaptureEventFileOp{Op: uint16(op), FileType: 'u'}, "tmp\x00", "\x00a", "user.x"))
		f.Add(fileOpEvent(bpf.CaptureEventFileOp{Op: uint16(op), Whole: 1}, "a\x00tmp\x00", "", ""))
	}
	for op := range socketOps {
		f.Add(socketOpEvent(bpf.CaptureEventSocketOp{Op: uint32(op), Args: [3]uint32{17, 3, 0}}))
	}
	for t := bpf.CaptureEventTypeEVENT_NONE; t <= bpf.CaptureEventTypeEVENT_SOCKET_OP+1; t++ {
		b := wire(header(t, 0))
		f.Add(b)
		f.Add(binary.LittleEndian.AppendUint64(append(b, make([]byte, 80)...), ^uint64(0)))
	}
	d := testDecoder()
	d.containers = NewContainers()
	f.Fuzz(func(t *testing.T, b []byte) {
		aligned := append(make([]byte, 0, len(b)+8), b...)
		e, _, err := d.decode(aligned)
		forItself := len(b) > 1 && bpf.CaptureEventType(binary.LittleEndian.Uint16(b)) == bpf.CaptureEventTypeEVENT_CGROUP
		if forItself {
			if e != nil {
				t.Fatalf("event %v of the path of a control group", e)
			}
			return
		}
		if (e == nil) == (err == nil) {
			t.Fatalf("event %v, error %v", e, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for name, event := range map[string][]byte{
		"file_start": wire(bpf.CaptureEventFileStart{H: header(bpf.CaptureEventTypeEVENT_FILE_START, 0), FileType: 'f'}, "libc.so.6\x00lib\x00usr\x00"),
		"flow_end":   wire(bpf.CaptureEventFlowEnd{Type: uint16(bpf.CaptureEventTypeEVENT_FLOW_END)}),
		"exec":       execEvent(),
	} {
		b.Run(name, func(b *testing.B) {
			d := testDecoder()
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := d.decode(event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
