package text

import (
	"net/netip"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// AppendAddr appends an address, 0.0.0.0 when there is none.
func AppendAddr(dst []byte, a netip.Addr) []byte {
	if !a.IsValid() {
		return append(dst, "0.0.0.0"...)
	}
	return a.AppendTo(dst)
}

// AppendEndpoint appends address and port, "192.0.2.1:80" or "[2001:db8::1]:80".
func AppendEndpoint(dst []byte, a netip.Addr, port int32) []byte {
	if a.Is6() {
		dst = append(AppendAddr(append(dst, '['), a), ']')
	} else {
		dst = AppendAddr(dst, a)
	}
	return strconv.AppendInt(append(dst, ':'), int64(port), 10)
}

// appendProto appends the name of a transport protocol, its number when it has none.
func appendProto(dst []byte, proto int32) []byte {
	switch proto {
	case sysflow.ProtoTCP:
		return append(dst, "tcp"...)
	case sysflow.ProtoUDP:
		return append(dst, "udp"...)
	case sysflow.ProtoICMP:
		return append(dst, "icmp"...)
	case sysflow.ProtoRaw:
		return append(dst, "raw"...)
	case sysflow.ProtoUnknown:
		return append(dst, "ip"...)
	default:
		return strconv.AppendInt(append(dst, "ip"...), int64(proto), 10)
	}
}
