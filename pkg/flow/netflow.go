package flow

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ends are the two ends of a network flow: source is the initiator's.
type ends struct {
	source, destination netip.AddrPort
	proto               int32
}

func (b *Builder) writeNetworkFlow(f *flow, ts int64, mark sysflow.OpFlags) {
	b.scratch.nf = sysflow.NetworkFlow{
		ProcOID:  f.proc.oid,
		TS:       min(f.since, ts),
		TID:      int64(f.tid),
		OpFlags:  f.pending() | mark,
		EndTS:    ts,
		SIP:      f.ends.source.Addr(),
		SPort:    int32(f.ends.source.Port()),
		DIP:      f.ends.destination.Addr(),
		DPort:    int32(f.ends.destination.Port()),
		Proto:    f.ends.proto,
		FD:       f.key.Descriptor(),
		Counters: f.delta(),
		Origin:   f.known.Origin,
	}
	b.emit(&b.scratch.nf)
}

// socketOp writes an operation that makes no flow. The local end is the source, unless it was
// called.
func (b *Builder) socketOp(e *Event) {
	p := b.actor(e)
	if p.unwanted {
		return
	}
	b.announce(p, sysflow.StateReup, e.TS)
	source, destination := plainEnds(e.Socket.Local, e.Socket.Remote)
	if e.Socket.Role == RoleAcceptor {
		source, destination = destination, source
	}
	b.scratch.ne = sysflow.NetworkEvent{
		ProcOID: p.oid,
		TS:      e.TS,
		TID:     int64(e.TID),
		OpFlags: e.Op,
		SIP:     source.Addr(),
		SPort:   int32(source.Port()),
		DIP:     destination.Addr(),
		DPort:   int32(destination.Port()),
		Proto:   e.Socket.Proto,
		Ret:     e.Ret,
		FD:      e.Flow.FD,
		Args:    e.Args,
		Origin:  e.Origin,
	}
	b.emit(&b.scratch.ne)
}

// orient tells which end of a socket is the source.
func (b *Builder) orient(s *Socket) ends {
	local, remote := plainEnds(s.Local, s.Remote)
	t := tuple{local: local, remote: remote, proto: s.Proto}
	role := s.Role
	if role == RoleUnknown {
		role = b.guessRole(t)
	} else {
		b.roles.Put(t.key(), role)
	}
	if role == RoleAcceptor {
		return ends{source: remote, destination: local, proto: s.Proto}
	}
	return ends{source: local, destination: remote, proto: s.Proto}
}

// plainEnds makes both addresses of one family: IPv4 also where the socket says IPv6
// (::ffff:a.b.c.d), and an unspecified address where there is none.
func plainEnds(local, remote netip.AddrPort) (l, r netip.AddrPort) {
	la, ra := plain(local.Addr()), plain(remote.Addr())
	switch {
	case la.Is4() || ra.Is4():
		la, ra = orUnspecified(la, netip.IPv4Unspecified()), orUnspecified(ra, netip.IPv4Unspecified())
	case la.Is6() || ra.Is6():
		la, ra = orUnspecified(la, netip.IPv6Unspecified()), orUnspecified(ra, netip.IPv6Unspecified())
	}
	return netip.AddrPortFrom(la, local.Port()), netip.AddrPortFrom(ra, remote.Port())
}

func plain(a netip.Addr) netip.Addr {
	return a.Unmap().WithZone("")
}

func orUnspecified(a, unspecified netip.Addr) netip.Addr {
	if !a.IsValid() || a.IsUnspecified() {
		return unspecified
	}
	return a
}
