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
	if name := sysflow.ProtoName(proto); name != "" {
		return append(dst, name...)
	}
	dst = append(dst, "ip"...)
	if proto == sysflow.ProtoUnknown {
		return dst
	}
	return strconv.AppendInt(dst, int64(proto), 10)
}
