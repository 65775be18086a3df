//go:build linux && (amd64 || arm64)

package capture

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

var (
	errShort            = errors.New("event is shorter than its type says")
	errUnknownOperation = errors.New("event of a system call that is no operation")
)

// decoder turns the kernel side's events into system events.
type decoder struct {
	clock clock
	event flow.Event
	info  flow.ProcessInfo
	texts map[string]string
	// containers is nil when processes are not told to be in one.
	containers *Containers
	// programs tells which of its programs a process ran last, if verdicts about it are to be
	// given, see struct verdict; else it is nil.
	programs map[int32]uint32
	// cgroupsUnknown counts, and is read from any goroutine.
	cgroupsUnknown atomic.Uint64
}

// maxTexts bounds the table of known texts; when it is full it starts anew.
const maxTexts = 1 << 14

func newDecoder() *decoder {
	return &decoder{clock: newClock(), texts: make(map[string]string)}
}

// view reads the fixed part of an event in place. The ring buffer and Go's allocator
// both align to 8 bytes, and the types are generated from the C side.
func view[T any](b []byte) (*T, []byte, error) {
	var t T
	if uintptr(len(b)) < unsafe.Sizeof(t) {
		return nil, nil, errShort
	}
	return (*T)(unsafe.Pointer(unsafe.SliceData(b))), b[unsafe.Sizeof(t):], nil //nolint:gosec // see above
}

// socketFlow is what a flow of a datagram socket needs besides its event.
type socketFlow struct {
	// socket is the id of the socket's own flow, whose end ends its peers' flows.
	socket uint64
	kind   bpf.CaptureFlowKind
}

// decode returns the event in b, valid until the next call; nil when it was for the decoder itself.
func (d *decoder) decode(b []byte) (*flow.Event, socketFlow, error) {
	h, _, err := view[bpf.CaptureEventHeader](b)
	if err != nil {
		return nil, socketFlow{}, err
	}
	switch bpf.CaptureEventType(h.Type) {
	case bpf.CaptureEventTypeEVENT_FLOW_END:
		s, endErr := d.flowEnd(b)
		if endErr != nil {
			return nil, s, endErr
		}
		return &d.event, s, nil
	case bpf.CaptureEventTypeEVENT_CGROUP:
		return nil, socketFlow{}, d.cgroup(b)
	}
	d.event = flow.Event{
		TS:       d.clock.event(h.Ts),
		PID:      int32(h.Pid),
		TID:      int32(h.Tid),
		CreateTS: d.clock.creation(h.Start),
		Ret:      h.Ret,
	}
	if h.Flags&flagIOUring != 0 {
		d.event.Origin = sysflow.OriginIOUring
	}
	var s socketFlow
	switch t := bpf.CaptureEventType(h.Type); t {
	case bpf.CaptureEventTypeEVENT_FORK, bpf.CaptureEventTypeEVENT_THREAD:
		err = d.fork(b, t)
	case bpf.CaptureEventTypeEVENT_CLONE_FAILED:
		d.event.Type = flow.EventCloneFailed
	case bpf.CaptureEventTypeEVENT_EXEC, bpf.CaptureEventTypeEVENT_SNAPSHOT:
		err = d.exec(b, t)
	case bpf.CaptureEventTypeEVENT_EXEC_FAILED:
		d.event.Type = flow.EventExec
	case bpf.CaptureEventTypeEVENT_THREAD_EXIT:
		d.event.Type = flow.EventThreadExit
	case bpf.CaptureEventTypeEVENT_EXIT:
		d.event.Type = flow.EventExit
		delete(d.programs, d.event.PID)
	case bpf.CaptureEventTypeEVENT_SETUID, bpf.CaptureEventTypeEVENT_CREDS:
		err = d.creds(b, t)
	case bpf.CaptureEventTypeEVENT_CHDIR, bpf.CaptureEventTypeEVENT_NAME:
		err = d.name(b, t)
	case bpf.CaptureEventTypeEVENT_OPERATION:
		err = d.operation(b)
	case bpf.CaptureEventTypeEVENT_FILE_START:
		err = d.fileStart(b)
	case bpf.CaptureEventTypeEVENT_SOCKET_START:
		s, err = d.socketStart(b)
	case bpf.CaptureEventTypeEVENT_FILE_OP:
		err = d.fileOp(b)
	case bpf.CaptureEventTypeEVENT_SOCKET_OP:
		err = d.socketOp(b)
	default:
		err = fmt.Errorf("unknown event type %d", h.Type)
	}
	if err != nil {
		return nil, s, err
	}
	return &d.event, s, nil
}

// runs notes which of its programs a process runs.
func (d *decoder) runs(pid int32, task *bpf.CaptureTaskDetails) {
	if d.programs != nil {
		d.programs[pid] = task.ExecId
	}
}

func (d *decoder) fork(b []byte, t bpf.CaptureEventType) error {
	r, rest, err := view[bpf.CaptureEventFork](b)
	if err != nil {
		return err
	}
	e := &d.event
	e.Type = flow.EventThread
	var details *sysflow.ProcessDetails
	if t == bpf.CaptureEventTypeEVENT_FORK {
		e.Type = flow.EventFork
		task, _, taskErr := view[bpf.CaptureTaskDetails](rest)
		if taskErr != nil {
			return taskErr
		}
		details = detailsOf(task)
		d.runs(int32(r.ChildPid), task)
	}
	e.Child = flow.Child{
		PID:      int32(r.ChildPid),
		TID:      int32(r.ChildTid),
		CreateTS: d.clock.creation(r.ChildStart),
		Entry:    r.H.Flags&flagEntry != 0,
		Details:  details,
	}
	if r.ParentPid != r.H.Pid {
		e.Child.ParentPID = int32(r.ParentPid)
		e.Child.ParentCreateTS = d.clock.creation(r.ParentStart)
	}
	if e.Type == flow.EventFork {
		e.Child.ContainerID, e.Child.ContainerKnown = d.container(r.ChildCgroup, e.Child.PID)
	}
	return nil
}

// Flags of the event header.
const (
	flagTTY      = uint16(bpf.CaptureEventFlagEVENT_FLAG_TTY)
	flagEntry    = uint16(bpf.CaptureEventFlagEVENT_FLAG_ENTRY)
	flagClosed   = uint16(bpf.CaptureEventFlagEVENT_FLAG_CLOSED)
	flagNoDir1   = uint16(bpf.CaptureEventFlagEVENT_FLAG_NO_DIR1)
	flagNoDir2   = uint16(bpf.CaptureEventFlagEVENT_FLAG_NO_DIR2)
	flagDatagram = uint16(bpf.CaptureEventFlagEVENT_FLAG_DATAGRAM)
	flagIOUring  = uint16(bpf.CaptureEventFlagEVENT_FLAG_IO_URING)
)

func (d *decoder) exec(b []byte, t bpf.CaptureEventType) error {
	r, rest, err := view[bpf.CaptureEventExec](b)
	if err != nil {
		return err
	}
	exe, rest, err := split(rest, int(r.ExeLen))
	if err != nil {
		return err
	}
	cwd, rest, err := split(rest, int(r.CwdLen))
	if err != nil {
		return err
	}
	args, rest, err := split(rest, int(r.ArgsLen))
	if err != nil {
		return err
	}
	env, _, err := split(rest, int(r.EnvLen))
	if err != nil {
		return err
	}
	d.info = flow.ProcessInfo{
		CWD:   pathOf(cwd),
		Env:   splitEnv(env),
		UID:   int32(r.Uid), // bit pattern, as in SysFlow
		GID:   int32(r.Gid), // bit pattern, as in SysFlow
		TTY:   r.H.Flags&flagTTY != 0,
		Entry: r.H.Flags&flagEntry != 0,

		Details: detailsOf(&r.Task),
	}
	d.runs(d.event.PID, &r.Task)
	addExe(d.info.Details, &r.Exe)
	if len(exe) > 0 {
		d.info.Exe = pathOf(exe)
	}
	setArgs(&d.info, args)
	if r.ParentPid != 0 {
		d.info.ParentPID = int32(r.ParentPid)
		d.info.ParentCreateTS = d.clock.creation(r.ParentStart)
	}
	d.event.Process = &d.info
	d.event.Type = flow.EventExec
	if t == bpf.CaptureEventTypeEVENT_SNAPSHOT {
		d.event.Type = flow.EventSnapshot
		return nil // the container is left to /proc, as the arguments are
	}
	d.inContainer(r.Cgroup)
	return nil
}

func (d *decoder) creds(b []byte, t bpf.CaptureEventType) error {
	r, _, err := view[bpf.CaptureEventCreds](b)
	if err != nil {
		return err
	}
	d.info = flow.ProcessInfo{
		UID:     int32(r.Uid), // bit pattern, as in SysFlow
		GID:     int32(r.Gid), // bit pattern, as in SysFlow
		Details: detailsOf(&r.Task),
	}
	d.event.Process = &d.info
	d.event.Type = flow.EventCreds
	if t == bpf.CaptureEventTypeEVENT_SETUID {
		d.event.Type = flow.EventSetuid
		d.event.SetuidTo = int32(r.Arg) // bit pattern, as in SysFlow
	}
	return nil
}

func (d *decoder) name(b []byte, t bpf.CaptureEventType) error {
	r, rest, err := view[bpf.CaptureEventName](b)
	if err != nil {
		return err
	}
	dir1, rest, err := split(rest, int(r.Dir1Len))
	if err != nil {
		return err
	}
	name1, rest, err := split(rest, int(r.Name1Len))
	if err != nil {
		return err
	}
	dir2, rest, err := split(rest, int(r.Dir2Len))
	if err != nil {
		return err
	}
	name2, _, err := split(rest, int(r.Name2Len))
	if err != nil {
		return err
	}
	e := &d.event
	if t == bpf.CaptureEventTypeEVENT_CHDIR {
		d.info = flow.ProcessInfo{CWD: pathOf(dir1)}
		e.Process = &d.info
		e.Type = flow.EventChdir
		return nil
	}
	e.Type = flow.EventName
	e.Op = sysflow.OpFlags(r.Op)
	e.Path = nameOf(dir1, r.H.Flags&flagNoDir1 == 0, string(name1))
	if e.Op&sysflow.TwoNames != 0 {
		e.NewPath = nameOf(dir2, r.H.Flags&flagNoDir2 == 0, string(name2))
	}
	if e.Op == sysflow.OpSymlink {
		// what the link says is relative to where the link is
		e.Path = linkTarget(e.NewPath, string(name1))
	}
	return nil
}

func (d *decoder) fileStart(b []byte) error {
	r, rest, err := view[bpf.CaptureEventFileStart](b)
	if err != nil {
		return err
	}
	e := &d.event
	e.Type = flow.EventFlowStart
	e.Flow = flow.Key{ID: r.Id, PID: e.PID, FD: int32(r.Fd)}
	e.FileType = sysflow.FileType(r.FileType)
	switch {
	case r.Nsfs != 0:
		e.Path = string(rest) + ":[" + strconv.FormatUint(r.Ino, 10) + "]"
	case r.Ino != 0:
		e.Path = "pipe:[" + strconv.FormatUint(r.Ino, 10) + "]"
	case e.FileType == sysflow.FileUnix:
		e.Path = unixPath(rest)
	default:
		e.Path = d.path(rest)
	}
	if sysflow.OpFlags(r.Ops)&sysflow.OpOpen != 0 {
		e.OpenFlags = sysflow.OpenFlagsFromLinux(uint64(r.OpenFlags))
	}
	return nil
}

func (d *decoder) socketStart(b []byte) (socketFlow, error) {
	r, _, err := view[bpf.CaptureEventSocketStart](b)
	if err != nil {
		return socketFlow{}, err
	}
	e := &d.event
	e.Type = flow.EventFlowStart
	e.Flow = flow.Key{ID: r.Id, PID: e.PID, FD: int32(r.Fd)}
	e.Socket = socketOf(&r.Net)
	s := socketFlow{kind: bpf.CaptureFlowKind(r.Kind)}
	if s.kind == bpf.CaptureFlowKindFLOW_DATAGRAM {
		s.socket = r.Socket
		e.Flow.Peer = e.Socket.Remote
	}
	return s, nil
}

// socketOf returns a socket's two ends.
func socketOf(n *bpf.CaptureEndpoints) flow.Socket {
	s := flow.Socket{
		Local:  netip.AddrPortFrom(netip.AddrFrom16(n.Local).Unmap(), n.LocalPort),
		Remote: netip.AddrPortFrom(netip.AddrFrom16(n.Remote).Unmap(), n.RemotePort),
		Proto:  protocol(n.Proto),
		Role:   flow.Role(n.Role), // numbered alike, which TestNumberedAlike checks
	}
	if s.Proto != sysflow.ProtoTCP && s.Proto != sysflow.ProtoUDP {
		// what the kernel keeps there is no port
		s.Local = netip.AddrPortFrom(s.Local.Addr(), 0)
		s.Remote = netip.AddrPortFrom(s.Remote.Addr(), 0)
	}
	return s
}

func (d *decoder) flowEnd(b []byte) (socketFlow, error) {
	r, _, err := view[bpf.CaptureEventFlowEnd](b)
	if err != nil {
		return socketFlow{}, err
	}
	pid := int32(r.Pid)
	d.event = flow.Event{
		Type:   flow.EventFlowEnd,
		TS:     d.clock.event(r.Ts),
		PID:    pid,
		Flow:   flow.Key{ID: r.Id, PID: pid, FD: int32(r.Fd)},
		Totals: totals(r.Ops, &r.Totals),
		Closed: r.Flags&flagClosed != 0,
	}
	if r.Flags&flagDatagram == 0 {
		return socketFlow{}, nil
	}
	return socketFlow{socket: r.Id, kind: bpf.CaptureFlowKindFLOW_DATAGRAM}, nil
}

// path is pathOf, which remembers what it made: the same files are opened over and over.
func (d *decoder) path(components []byte) string {
	if s, ok := d.texts[string(components)]; ok {
		return s
	}
	s := pathOf(components)
	if len(d.texts) >= maxTexts {
		clear(d.texts)
	}
	d.texts[string(components)] = s
	return s
}

// IP protocol numbers that SysFlow keeps; all others are raw sockets to it.
func protocol(ip uint16) int32 {
	switch p := int32(ip); p {
	case sysflow.ProtoTCP, sysflow.ProtoUDP, sysflow.ProtoICMP:
		return p
	case 58: // ICMPv6
		return sysflow.ProtoICMP
	}
	return sysflow.ProtoRaw
}

func split(b []byte, n int) (head, tail []byte, err error) {
	if n > len(b) {
		return nil, nil, errShort
	}
	return b[:n], b[n:], nil
}

// setArgs takes the arguments of a process image as they are in memory. The first one is how
// the program was called: it stands for the path where that is not known.
func setArgs(info *flow.ProcessInfo, b []byte) {
	first, rest, _ := bytes.Cut(b, []byte{0})
	if info.Exe == "" {
		info.Exe = string(first)
	}
	if info.Details != nil {
		info.Details.Argv0 = string(first)
	}
	info.ExeArgs = strings.ReplaceAll(string(bytes.TrimSuffix(rest, []byte{0})), "\x00", " ")
}

func splitEnv(b []byte) []string {
	if len(b) == 0 {
		return nil
	}
	return strings.Split(string(bytes.TrimSuffix(b, []byte{0})), "\x00")
}
