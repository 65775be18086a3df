//go:build linux && (amd64 || arm64)

package capture

import (
	"net/netip"
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/btf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func socketOpEvent(e bpf.CaptureEventSocketOp) []byte {
	e.H = header(bpf.CaptureEventTypeEVENT_SOCKET_OP, 0)
	return wire(e)
}

// enumValues reads an enum of the compiled programs.
func enumValues(t *testing.T, spec *ebpf.CollectionSpec, name string) map[string]uint64 {
	t.Helper()
	var enum *btf.Enum
	require.NoError(t, spec.Types.TypeByName(name, &enum))
	values := make(map[string]uint64)
	for _, v := range enum.Values {
		values[v.Name] = v.Value
	}
	return values
}

func endpoints(local, remote string, proto uint16) bpf.CaptureEndpoints {
	l, r := netip.MustParseAddrPort(local), netip.MustParseAddrPort(remote)
	return bpf.CaptureEndpoints{
		Local: l.Addr().As16(), Remote: r.Addr().As16(), LocalPort: l.Port(), RemotePort: r.Port(), Proto: proto,
	}
}

func TestDecodeSocketOp(t *testing.T) {
	for _, tt := range []struct {
		name   string
		event  bpf.CaptureEventSocketOp
		op     sysflow.OpFlags
		socket flow.Socket
		args   []string
	}{
		{
			"packet socket",
			bpf.CaptureEventSocketOp{Op: uint32(bpf.CaptureSocketOpSOCKET_OP_CREATE), Args: [3]uint32{17, 3 | sockCloexec, 0x300}},
			sysflow.OpSocket,
			flow.Socket{Proto: sysflow.ProtoRaw},
			[]string{"domain=AF_PACKET", "type=SOCK_RAW|SOCK_CLOEXEC", "proto=768"},
		},
		{
			"raw ICMPv6",
			bpf.CaptureEventSocketOp{Op: uint32(bpf.CaptureSocketOpSOCKET_OP_CREATE), Args: [3]uint32{10, 3 | sockNonblock, 58}},
			sysflow.OpSocket,
			flow.Socket{Local: netip.MustParseAddrPort("[::]:0"), Proto: sysflow.ProtoICMP},
			[]string{"domain=AF_INET6", "type=SOCK_RAW|SOCK_NONBLOCK", "proto=58"},
		},
		{
			"raw UDP",
			bpf.CaptureEventSocketOp{Op: uint32(bpf.CaptureSocketOpSOCKET_OP_CREATE), Args: [3]uint32{2, 3, 17}},
			sysflow.OpSocket,
			flow.Socket{Local: netip.MustParseAddrPort("0.0.0.0:0"), Proto: sysflow.ProtoRaw},
			[]string{"domain=AF_INET", "type=SOCK_RAW", "proto=17"},
		},
		{
			"nonsense",
			bpf.CaptureEventSocketOp{Op: uint32(bpf.CaptureSocketOpSOCKET_OP_CREATE), Args: [3]uint32{1 << 31, 15, 0}},
			sysflow.OpSocket,
			flow.Socket{Proto: sysflow.ProtoRaw},
			[]string{"domain=2147483648", "type=15", "proto=0"},
		},
		{
			"bind",
			bpf.CaptureEventSocketOp{
				Op: uint32(bpf.CaptureSocketOpSOCKET_OP_BIND), Net: endpoints("127.0.0.1:80", "0.0.0.0:0", 6),
			},
			sysflow.OpBind,
			flow.Socket{Local: netip.MustParseAddrPort("127.0.0.1:80"), Remote: netip.MustParseAddrPort("0.0.0.0:0"), Proto: sysflow.ProtoTCP},
			nil,
		},
		{
			"listen",
			bpf.CaptureEventSocketOp{
				Op: uint32(bpf.CaptureSocketOpSOCKET_OP_LISTEN), Args: [3]uint32{0xffffffff}, Net: endpoints("[::1]:80", "[::]:0", 6),
			},
			sysflow.OpListen,
			flow.Socket{Local: netip.MustParseAddrPort("[::1]:80"), Remote: netip.MustParseAddrPort("[::]:0"), Proto: sysflow.ProtoTCP},
			[]string{"backlog=-1"},
		},
		{
			"failed connect of a raw socket",
			bpf.CaptureEventSocketOp{
				Op: uint32(bpf.CaptureSocketOpSOCKET_OP_CONNECT), Net: endpoints("0.0.0.0:1", "10.0.0.1:2", 1),
			},
			sysflow.OpConnect,
			flow.Socket{Local: netip.MustParseAddrPort("0.0.0.0:0"), Remote: netip.MustParseAddrPort("10.0.0.1:0"), Proto: sysflow.ProtoICMP},
			nil,
		},
		{
			"dup",
			bpf.CaptureEventSocketOp{
				Op: uint32(bpf.CaptureSocketOpSOCKET_OP_DUP), Net: endpoints("10.0.0.1:50000", "10.0.0.2:4444", 6),
			},
			sysflow.OpDup,
			flow.Socket{Local: netip.MustParseAddrPort("10.0.0.1:50000"), Remote: netip.MustParseAddrPort("10.0.0.2:4444"), Proto: sysflow.ProtoTCP},
			nil,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.event.Fd = 3
			e := decodeOne(t, socketOpEvent(tt.event))
			assert.Equal(t, flow.EventSocketOp, e.Type)
			assert.Equal(t, int32(-2), e.Ret)
			assert.Equal(t, int32(3), e.Flow.FD)
			assert.Equal(t, tt.op, e.Op)
			assert.Equal(t, tt.socket, e.Socket)
			assert.Equal(t, tt.args, e.Args)
		})
	}
}
