package scenario

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

const (
	errBadDescriptor = -9
	errInProgress    = -115
	errCancelled     = -125
)

// object is an open file or socket, which several descriptors may share.
type object struct {
	// path and typ describe a file; silent is what leaves no trace: pipes, eventfds, unix
	// sockets that nothing names.
	path, typ string
	silent    bool
	// connected tells that a unix socket is.
	connected bool

	proto       int32
	local, peer netip.AddrPort
	acceptor    bool
}

type descriptor struct {
	*object
	cloexec bool
}

func copyDescriptors(fds map[int32]*descriptor) map[int32]*descriptor {
	out := make(map[int32]*descriptor, len(fds))
	for fd, d := range fds {
		c := *d
		out[fd] = &c
	}
	return out
}

// flowID names a flow: its descriptor and, for an unconnected socket, its peer.
type flowID struct {
	fd   int32
	peer netip.AddrPort
}

// flow is what a process did with a descriptor so far.
type flow struct {
	object
	first Step
	ops   sysflow.OpFlags
	open  sysflow.OpenFlags
	sysflow.Counters
	origin sysflow.Origin
	// or are other local addresses that a trace may have.
	or []netip.AddrPort
}

// descriptor handles the steps that concern descriptors.
func (m *model) descriptor(p *process, s *Step) bool {
	switch s.Op {
	case "open":
		m.opened(p, s, int32(s.Ret))
	case "open_direct":
		m.opened(p, s, s.FD)
	case "registered":
		p.fds[s.FD] = &descriptor{object: &object{path: s.Path, typ: s.Type}}
	case "received":
		o := &object{path: s.Path, typ: s.Type}
		p.fds[int32(s.Ret)] = &descriptor{object: o, cloexec: s.Cloexec}
	case "noise", "quiet":
		p.fds[int32(s.Ret)] = &descriptor{object: &object{silent: true}}
	case "socket":
		p.fds[int32(s.Ret)] = &descriptor{object: &object{proto: s.Proto}}
	case "rare_socket":
		m.rareSocket(p, s)
	case "named":
		m.named(p, s)
	case "bind":
		m.socketEvent(p, s, sysflow.OpBind, addrPort(s.Local), netip.AddrPort{})
		if s.Ret == 0 {
			p.fds[s.FD].local = addrPort(s.Local)
		}
	case "listen":
		m.socketEvent(p, s, sysflow.OpListen, addrPort(s.Local), netip.AddrPort{})
	case "connect":
		m.connected(p, s)
	case "accept":
		if s.Ret >= 0 {
			m.accepted(p, s)
		}
	case "read":
		m.io(p, s, s.FD, sysflow.OpReadRecv)
	case "write":
		m.io(p, s, s.FD, sysflow.OpWriteSend)
	case "copy":
		m.io(p, s, s.FD, sysflow.OpReadRecv)
		m.io(p, s, s.Out, sysflow.OpWriteSend)
	case "mmap":
		m.mark(p, s, sysflow.OpMmap)
	case "setns":
		m.mark(p, s, sysflow.OpSetns)
	case "shutdown":
		m.mark(p, s, sysflow.OpShutdown)
	case "dup":
		m.duplicated(p, s)
	case "close":
		if s.Ret != errBadDescriptor {
			m.close(p, s, s.FD)
		}
	case "close_range":
		for _, fd := range slices.Sorted(maps.Keys(p.fds)) {
			if fd >= s.FD && fd <= s.Last {
				m.close(p, s, fd)
			}
		}
	default:
		return false
	}
	return true
}

func (m *model) opened(p *process, s *Step, fd int32) {
	defer m.openEvent(p, s)
	if s.Ret < 0 {
		return
	}
	o := &object{path: withoutMark(s.Path), typ: s.Type}
	open := sysflow.OpenFlagsFromLinux(s.Flags)
	p.fds[fd] = &descriptor{object: o, cloexec: open&sysflow.OpenCloexec != 0}
	f := m.flow(p, s, flowID{fd: fd}, o)
	f.open, f.ops = open, sysflow.OpOpen
}

// flow returns the flow of an operation, which may be its first.
func (m *model) flow(p *process, s *Step, id flowID, o *object) *flow {
	f := p.flows[id]
	if f == nil {
		f = &flow{object: *o, first: *s}
		p.flows[id] = f
		p.order = append(p.order, id)
	}
	f.origin |= s.origin()
	return f
}

// origin is the way by which a step was made.
func (s *Step) origin() sysflow.Origin {
	if s.URing {
		return sysflow.OriginIOUring
	}
	return sysflow.OriginSyscall
}

func (m *model) mark(p *process, s *Step, op sysflow.OpFlags) {
	if d := p.fds[s.FD]; d != nil && s.Ret >= 0 && !d.silent {
		m.flow(p, s, flowID{fd: s.FD}, d.object).ops |= op
	}
}

func (m *model) io(p *process, s *Step, fd int32, op sysflow.OpFlags) {
	d := p.fds[fd]
	if d == nil || d.silent || s.Ret == errBadDescriptor || s.Ret == errCancelled {
		return
	}
	id, o := flowID{fd: fd}, d.object
	if d.proto != 0 && !d.peer.IsValid() {
		id.peer = addrPort(s.Peer)
		o = &object{proto: d.proto, local: addrPort(s.Local), peer: id.peer, acceptor: op == sysflow.OpReadRecv}
	}
	f := m.flow(p, s, id, o)
	f.ops |= op
	n, bytes := max(s.N, 1), max(s.Ret, 0)
	if op == sysflow.OpReadRecv {
		f.NumRRecvOps += n
		f.NumRRecvBytes += bytes
	} else {
		f.NumWSendOps += n
		f.NumWSendBytes += bytes
	}
}

func (m *model) connected(p *process, s *Step) {
	d := p.fds[s.FD]
	if s.Ret < 0 && s.Ret != errInProgress && !s.URing {
		// the kernel has taken the port away again
		peer := addrPort(s.Peer)
		m.socketEvent(p, s, sysflow.OpConnect, netip.AddrPortFrom(unspecified(peer.Addr()), 0), peer)
	}
	// what an unconnected socket did with its peers ends without a close
	m.finishAll(p, s, s.FD, sysflow.OpTruncate)
	o := *d.object
	o.local, o.peer = addrPort(s.Local), addrPort(s.Peer)
	if s.Ret == 0 || s.Ret == errInProgress {
		*d.object = o
	}
	f := m.flow(p, s, flowID{fd: s.FD}, &o)
	f.ops |= sysflow.OpConnect
	if o.local.Addr() != o.peer.Addr() {
		// a refused socket may have lost its own address when it is asked for it
		f.or = append(f.or, netip.AddrPortFrom(o.peer.Addr(), o.local.Port()),
			netip.AddrPortFrom(unspecified(o.peer.Addr()), 0))
	}
	if s.URing && s.Ret < 0 {
		// by the time that io_uring sees the refusal, the socket has given its port up
		f.or = append(f.or, netip.AddrPortFrom(o.local.Addr(), 0))
	}
}

func (m *model) accepted(p *process, s *Step) {
	fd := int32(s.Ret)
	o := &object{proto: sysflow.ProtoTCP, local: addrPort(s.Local), peer: addrPort(s.Peer), acceptor: true}
	p.fds[fd] = &descriptor{object: o}
	m.flow(p, s, flowID{fd: fd}, o).ops |= sysflow.OpAccept
}

func (m *model) duplicated(p *process, s *Step) {
	if s.Ret < 0 {
		return
	}
	fd := int32(s.Ret)
	if fd != s.FD && p.fds[fd] != nil {
		m.close(p, s, fd)
	}
	o := p.fds[s.FD].object
	p.fds[fd] = &descriptor{object: o, cloexec: s.Cloexec}
	if o.proto != 0 && fd <= lastStandard && fd != s.FD {
		m.socketEvent(p, s, sysflow.OpDup, o.local, o.peer)
	}
}

// close closes a descriptor; what was never used leaves no trace.
func (m *model) close(p *process, s *Step, fd int32) {
	m.finishAll(p, s, fd, sysflow.OpClose)
	delete(p.fds, fd)
}

func (m *model) finishAll(p *process, s *Step, fd int32, mark sysflow.OpFlags) {
	for _, id := range p.order {
		if id.fd == fd && p.flows[id] != nil {
			m.finish(p, s, id, mark)
		}
	}
}

// finish ends a flow and expects its line.
func (m *model) finish(p *process, s *Step, id flowID, mark sysflow.OpFlags) {
	f := p.flows[id]
	delete(p.flows, id)
	if s.URing && s.Op == "close" {
		f.origin |= sysflow.OriginIOUring
	}
	l := trace.Line{
		From: f.first.T0, Until: f.first.T1, EndFrom: s.T0, EndUntil: s.T1,
		Text: f.text(id.fd, mark, f.local), Note: p.section + " " + f.first.Call,
	}
	for _, local := range f.or {
		l.Or = append(l.Or, f.text(id.fd, mark, local))
	}
	m.line(p, l)
}

func (f *flow) text(fd int32, mark sysflow.OpFlags, local netip.AddrPort) string {
	if f.proto == 0 {
		return trace.FileText(int64(f.first.TID), fd, f.typ, f.path, f.ops|mark, f.open, f.Counters, f.origin)
	}
	source, destination := local, f.peer
	if f.acceptor {
		source, destination = destination, source
	}
	return trace.SocketText(int64(f.first.TID), fd, f.proto, source, destination, f.ops|mark, f.Counters, f.origin)
}
