package flow

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func addrPort(s string) netip.AddrPort {
	if s == "" {
		return netip.AddrPort{}
	}
	return netip.MustParseAddrPort(s)
}

func tcp(local, remote string, role Role) Socket {
	return Socket{Local: addrPort(local), Remote: addrPort(remote), Proto: sysflow.ProtoTCP, Role: role}
}

func TestOrientation(t *testing.T) {
	for _, test := range []struct {
		name    string
		listens uint16
		before  []Socket
		sock    Socket
		want    string
	}{
		{name: "initiator", sock: tcp("10.0.0.1:22", "10.0.0.2:50000", RoleInitiator), want: "10.0.0.1:22->10.0.0.2:50000"},
		{name: "acceptor", sock: tcp("10.0.0.1:50000", "10.0.0.2:22", RoleAcceptor), want: "10.0.0.2:22->10.0.0.1:50000"},
		{
			name: "other end accepted", before: []Socket{tcp("127.0.0.1:50000", "127.0.0.1:22", RoleAcceptor)},
			sock: tcp("127.0.0.1:22", "127.0.0.1:50000", RoleUnknown), want: "127.0.0.1:22->127.0.0.1:50000",
		},
		{
			name: "other end connected", before: []Socket{tcp("127.0.0.1:22", "127.0.0.1:50000", RoleInitiator)},
			sock: tcp("127.0.0.1:50000", "127.0.0.1:22", RoleUnknown), want: "127.0.0.1:22->127.0.0.1:50000",
		},
		{
			name: "same end known", before: []Socket{tcp("10.0.0.1:22", "10.0.0.2:50000", RoleInitiator)},
			sock: tcp("10.0.0.1:22", "10.0.0.2:50000", RoleUnknown), want: "10.0.0.1:22->10.0.0.2:50000",
		},
		{
			name: "other protocol does not count", before: []Socket{{
				Local: addrPort("127.0.0.1:50000"), Remote: addrPort("127.0.0.1:22"), Proto: sysflow.ProtoUDP, Role: RoleAcceptor,
			}},
			sock: tcp("127.0.0.1:22", "127.0.0.1:50000", RoleUnknown), want: "127.0.0.1:50000->127.0.0.1:22",
		},
		{
			name: "listening here", listens: 50000,
			sock: tcp("10.0.0.1:50000", "10.0.0.2:22", RoleUnknown), want: "10.0.0.2:22->10.0.0.1:50000",
		},
		{
			name: "listening at the other end of the loopback", listens: 50000,
			sock: tcp("127.0.0.1:22", "127.0.0.2:50000", RoleUnknown), want: "127.0.0.1:22->127.0.0.2:50000",
		},
		{
			name: "a port here says nothing of another host", listens: 50000,
			sock: tcp("10.0.0.1:22", "10.0.0.2:50000", RoleUnknown), want: "10.0.0.2:50000->10.0.0.1:22",
		},
		{
			name: "ephemeral here", sock: tcp("10.0.0.1:32768", "10.0.0.2:61000", RoleUnknown),
			want: "10.0.0.1:32768->10.0.0.2:61000",
		},
		{
			name: "ephemeral there", sock: tcp("10.0.0.1:61000", "10.0.0.2:60999", RoleUnknown),
			want: "10.0.0.2:60999->10.0.0.1:61000",
		},
		{
			name: "lower port there", sock: tcp("10.0.0.1:5000", "10.0.0.2:80", RoleUnknown),
			want: "10.0.0.1:5000->10.0.0.2:80",
		},
		{
			name: "lower port here", sock: tcp("10.0.0.1:80", "10.0.0.2:5000", RoleUnknown),
			want: "10.0.0.2:5000->10.0.0.1:80",
		},
		{
			name: "equal ports, one end", sock: tcp("10.0.0.1:123", "10.0.0.2:123", RoleUnknown),
			want: "10.0.0.2:123->10.0.0.1:123",
		},
		{
			name: "equal ports, other end", sock: tcp("10.0.0.2:123", "10.0.0.1:123", RoleUnknown),
			want: "10.0.0.2:123->10.0.0.1:123",
		},
		{
			name: "IPv4 in IPv6", sock: tcp("[::ffff:10.0.0.1]:5", "[::ffff:10.0.0.2]:6", RoleInitiator),
			want: "10.0.0.1:5->10.0.0.2:6",
		},
		{
			name: "unbound IPv6 socket to IPv4", sock: tcp("[::]:5", "[::ffff:10.0.0.2]:6", RoleInitiator),
			want: "0.0.0.0:5->10.0.0.2:6",
		},
		{name: "IPv6", sock: tcp("[fe80::1%eth0]:5", "[fe80::2]:6", RoleInitiator), want: "[fe80::1]:5->[fe80::2]:6"},
		{name: "not connected", sock: tcp("10.0.0.1:5", "", RoleInitiator), want: "10.0.0.1:5->0.0.0.0:0"},
		{name: "not connected IPv6", sock: tcp("", "[::1]:6", RoleInitiator), want: "[::]:0->[::1]:6"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t)
			s.listens[test.listens] = test.listens != 0
			for i := range test.before {
				s.b.orient(&test.before[i])
			}
			got := s.b.orient(&test.sock)
			assert.Equal(t, test.want, got.source.String()+"->"+got.destination.String())
		})
	}
}

func TestRolesAreBounded(t *testing.T) {
	s := newSystem(t)
	for i := range 4 * rememberedRoles {
		s.b.orient(&Socket{
			Local:  netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1),
			Remote: addrPort("10.1.0.0:2"), Role: RoleAcceptor,
		})
	}
	assert.LessOrEqual(t, s.b.roles.Len(), 2*rememberedRoles)
	assert.GreaterOrEqual(t, s.b.roles.Len(), rememberedRoles)
}

func TestNetworkFlowOfUnconnectedSocket(t *testing.T) {
	s := withProcess(t)
	for i, peer := range []string{"10.0.0.2:53", "10.0.0.3:53"} {
		sock := Socket{Local: addrPort("10.0.0.1:5353"), Remote: addrPort(peer), Proto: sysflow.ProtoUDP, Role: RoleInitiator}
		id := uint64(7 + i)
		s.totals[id] = &Totals{}
		s.apply(Event{
			Type: EventFlowStart, PID: 10, TID: 12,
			Flow: Key{ID: id, PID: 10, FD: 3, Peer: sock.Remote}, Socket: sock,
		})
		s.do(id, opWrite, 30)
	}
	s.exit(10, 0)
	s.expect(`
		NF 10/12 WRITE_SEND|TRUNCATE 10.0.0.1:5353->10.0.0.2:53 17 fd3 1-3 w1/30
		NF 10/12 WRITE_SEND|TRUNCATE 10.0.0.1:5353->10.0.0.3:53 17 fd3 2-3 w1/30
		PE 10/10 EXIT 0
	`)
}

func TestSocketOperations(t *testing.T) {
	s := withProcess(t)
	for _, e := range []Event{
		{Op: sysflow.OpSocket, Socket: Socket{Proto: sysflow.ProtoRaw}, Ret: 3, Args: []string{"domain=AF_PACKET"}},
		{Op: sysflow.OpSocket, Socket: Socket{Local: addrPort("[::]:0"), Proto: sysflow.ProtoICMP}, Ret: -1},
		{Op: sysflow.OpBind, Socket: tcp("0.0.0.0:80", "[::]:0", RoleUnknown)},
		{Op: sysflow.OpListen, Socket: tcp("[::1]:80", "[::]:0", RoleUnknown), Args: []string{"backlog=8"}},
		{Op: sysflow.OpConnect, Socket: tcp("", "[::ffff:10.0.0.2]:22", RoleUnknown), Ret: -111},
		{Op: sysflow.OpAccept, Socket: tcp("10.0.0.1:22", "10.0.0.2:50000", RoleAcceptor), Ret: -11},
		{Op: sysflow.OpDup, Socket: tcp("10.0.0.1:22", "10.0.0.2:50000", RoleUnknown), Origin: sysflow.OriginSyscall},
	} {
		e.Type, e.PID, e.Flow.FD = EventSocketOp, 10, 3
		s.apply(e)
	}
	s.expect(`
		NE 10/10 SOCKET invalid AddrPort->invalid AddrPort 254 fd3 3 domain=AF_PACKET
		NE 10/10 SOCKET [::]:0->[::]:0 1 fd3 -1
		NE 10/10 BIND 0.0.0.0:80->0.0.0.0:0 6 fd3 0
		NE 10/10 LISTEN [::1]:80->[::]:0 6 fd3 0 backlog=8
		NE 10/10 CONNECT 0.0.0.0:0->10.0.0.2:22 6 fd3 -111
		NE 10/10 ACCEPT 10.0.0.2:50000->10.0.0.1:22 6 fd3 -11
		NE 10/10 DUP 10.0.0.1:22->10.0.0.2:50000 6 fd3 0 by syscall
	`)
	assert.Zero(t, s.b.Stats().Flows)
}

func TestFlowOfUnixSocket(t *testing.T) {
	s := withProcess(t)
	s.totals[7] = &Totals{OpFlags: sysflow.OpConnect}
	s.apply(Event{
		Type: EventFlowStart, PID: 10, Flow: Key{ID: 7, PID: 10, FD: 7}, Path: "/run/docker.sock", FileType: sysflow.FileUnix,
	})
	s.do(7, opWrite, 30)
	s.close(10, 7)
	s.expect(`
		F REUP u /run/docker.sock
		FF 10/10 CONNECT|WRITE_SEND|CLOSE /run/docker.sock fd7 0x0 1-2 w1/30
	`)
}
