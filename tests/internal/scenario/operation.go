package scenario

import (
	"fmt"
	"net/netip"
	"path"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// lastStandard is the descriptor of the error output.
const lastStandard = 2

// With these flags an open has a mode.
const makesFile = 0o100 | 0o20000000 // O_CREAT, __O_TMPFILE

// openEvent expects the event of an open that is told besides its flow, or failed.
func (m *model) openEvent(p *process, s *Step) {
	makes := s.Flags&makesFile != 0
	if s.URing {
		return // by the time that it is seen, its name is gone
	}
	if s.Ret >= 0 && !strings.Contains(s.Name, "..") && (!makes || s.Mode&0o111 == 0) {
		return
	}
	file := withoutMark(s.Path)
	if s.Ret < 0 {
		file = path.Clean(s.Name)
		if s.Dir != "" && !path.IsAbs(s.Name) {
			file = path.Join(s.Dir, s.Name)
		}
	}
	args := []string{"name=" + s.Name, "flags=O_" + strings.Join(sysflow.OpenFlagsFromLinux(s.Flags).Names(), "|O_")}
	if makes {
		args = append(args, fmt.Sprintf("mode=%#04o", s.Mode))
	}
	m.fileEvent(p, s, sysflow.OpOpen, file, args)
}

// rareSocket expects the event of a socket that is not known by what it does.
func (m *model) rareSocket(p *process, s *Step) {
	local := addrPort(s.Local)
	l := trace.Line{
		Text: trace.SocketEventText(
			sysflow.OpSocket, int64(s.TID), int32(s.Ret), s.Proto, local, local, s.Ret, s.Values, s.origin()),
		From: s.T0, Until: s.T1, Note: p.section + " " + s.Call, SinceV6: true,
	}
	m.line(p, l)
	if s.Ret >= 0 {
		p.fds[int32(s.Ret)] = &descriptor{object: &object{silent: true}}
	}
}

// socketEvent expects the event of an operation on an internet socket.
func (m *model) socketEvent(p *process, s *Step, op sysflow.OpFlags, local, peer netip.AddrPort) {
	proto := p.fds[s.FD].proto
	if !peer.IsValid() {
		peer = netip.AddrPortFrom(unspecified(local.Addr()), 0)
	}
	l := trace.Line{
		Text:    trace.SocketEventText(op, int64(s.TID), s.FD, proto, local, peer, s.Ret, s.Values, s.origin()),
		V5:      trace.SocketEventText(op, int64(s.TID), sysflow.UnknownFD, proto, local, peer, s.Ret, nil, s.origin()),
		SinceV6: op > sysflow.OpRename,
		From:    s.T0, Until: s.T1, Note: p.section + " " + s.Call,
	}
	m.line(p, l)
}

func unspecified(a netip.Addr) netip.Addr {
	if a.Is4() {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}

// named makes a descriptor one of a unix socket that something names, and begins its flow if
// that is a connection.
func (m *model) named(p *process, s *Step) {
	if p.fds[s.FD] == nil {
		p.fds[s.FD] = &descriptor{object: &object{}}
	}
	d := p.fds[s.FD]
	*d.object = object{path: s.Path, typ: sysflow.FileUnix.String(), connected: s.Kind != ""}
	if s.Kind != "" {
		m.flow(p, s, flowID{fd: s.FD}, d.object).ops |= opOf(s.Kind)
	}
}
