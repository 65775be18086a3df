//go:build linux && (amd64 || arm64)

package capture

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// socketOps are the operations of events about sockets, by the number that the kernel side gives
// them.
var socketOps = [...]sysflow.OpFlags{
	bpf.CaptureSocketOpSOCKET_OP_CREATE:  sysflow.OpSocket,
	bpf.CaptureSocketOpSOCKET_OP_BIND:    sysflow.OpBind,
	bpf.CaptureSocketOpSOCKET_OP_LISTEN:  sysflow.OpListen,
	bpf.CaptureSocketOpSOCKET_OP_CONNECT: sysflow.OpConnect,
	bpf.CaptureSocketOpSOCKET_OP_DUP:     sysflow.OpDup,
}

// socketOp decodes an operation on a socket that makes no flow.
func (d *decoder) socketOp(b []byte) error {
	r, _, err := view[bpf.CaptureEventSocketOp](b)
	if err != nil {
		return err
	}
	if int(r.Op) >= len(socketOps) || socketOps[r.Op] == 0 {
		return fmt.Errorf("unknown operation %d on a socket", r.Op)
	}
	e := &d.event
	e.Type = flow.EventSocketOp
	e.Op = socketOps[r.Op]
	e.Flow.FD = int32(r.Fd)
	switch e.Op {
	case sysflow.OpSocket:
		e.Socket = newSocket(r.Args[0], r.Args[2])
		e.Args = []string{
			"domain=" + domainName(r.Args[0]),
			"type=" + socketTypeText(r.Args[1]),
			"proto=" + strconv.FormatUint(uint64(r.Args[2]), 10),
		}
		return nil
	case sysflow.OpListen:
		e.Args = []string{backlogText(r.Args[0])}
	}
	e.Socket = socketOf(&r.Net)
	return nil
}

// Numbers of address families.
const (
	afInet  = 2
	afInet6 = 10
)

// newSocket describes a socket that is not bound yet. Those of the internet that are told are raw.
func newSocket(domain, proto uint32) flow.Socket {
	s := flow.Socket{Proto: sysflow.ProtoRaw}
	switch domain {
	case afInet:
		s.Local = netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	case afInet6:
		s.Local = netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	default:
		return s
	}
	if protocol(uint16(proto)) == sysflow.ProtoICMP {
		s.Proto = sysflow.ProtoICMP
	}
	return s
}

// domainNames are the address families by their number, see include/linux/socket.h.
var domainNames = [...]string{
	"UNSPEC", "UNIX", "INET", "AX25", "IPX", "APPLETALK", "NETROM", "BRIDGE", "ATMPVC", "X25", "INET6", "ROSE",
	"DECnet", "NETBEUI", "SECURITY", "KEY", "NETLINK", "PACKET", "ASH", "ECONET", "ATMSVC", "RDS", "SNA", "IRDA",
	"PPPOX", "WANPIPE", "LLC", "IB", "MPLS", "CAN", "TIPC", "BLUETOOTH", "IUCV", "RXRPC", "ISDN", "PHONET",
	"IEEE802154", "CAIF", "ALG", "NFC", "VSOCK", "KCM", "QIPCRTR", "SMC", "XDP", "MCTP",
}

func domainName(domain uint32) string {
	if domain < uint32(len(domainNames)) {
		return "AF_" + domainNames[domain]
	}
	return strconv.FormatUint(uint64(domain), 10)
}

// socketTypes are the types of sockets by their number.
var socketTypes = map[uint32]string{
	1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 4: "SOCK_RDM", 5: "SOCK_SEQPACKET", 6: "SOCK_DCCP", 10: "SOCK_PACKET",
}

// Flags beside the type of a socket.
const (
	sockTypeMask = 0xf
	sockNonblock = 0o4000
	sockCloexec  = 0o2000000
)

func socketTypeText(t uint32) string {
	name := socketTypes[t&sockTypeMask]
	if name == "" {
		name = strconv.FormatUint(uint64(t&sockTypeMask), 10)
	}
	parts := []string{name}
	if t&sockNonblock != 0 {
		parts = append(parts, "SOCK_NONBLOCK")
	}
	if t&sockCloexec != 0 {
		parts = append(parts, "SOCK_CLOEXEC")
	}
	return strings.Join(parts, "|")
}
