package avro

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ipv6Size is the size of an address in version 6.
const ipv6Size = 16

// endpoints are the two ends of a flow or event that version 5 has no record for.
type endpoints struct {
	src, dst     netip.Addr
	sport, dport int32
	proto        int32
}

// endpointsOf normalises addresses so that equal flows get equal paths.
func endpointsOf(src, dst netip.Addr, sport, dport, proto int32) endpoints {
	return endpoints{src: plainAddr(src), dst: plainAddr(dst), sport: sport, dport: dport, proto: proto}
}

// is4 reports whether the addresses fit in 32 bits.
func (e *endpoints) is4() bool { return e.src.Is4() && e.dst.Is4() }

// fileType is that of the file that carries the ends.
func (e *endpoints) fileType() sysflow.FileType {
	if e.is4() {
		return sysflow.FileIPv4
	}
	return sysflow.FileIPv6
}

// plainAddr takes IPv4 out of IPv6, and 0.0.0.0 for no address.
func plainAddr(a netip.Addr) netip.Addr {
	if !a.IsValid() {
		return netip.IPv4Unspecified()
	}
	return a.Unmap()
}

// path formats the ends as "[::1]:40556->[::1]:8080/tcp".
func (e endpoints) path() string {
	b := make([]byte, 0, 112)
	b = appendEnd(b, e.src, e.sport)
	b = append(b, "->"...)
	b = appendEnd(b, e.dst, e.dport)
	b = append(b, '/')
	if name := sysflow.ProtoName(e.proto); name != "" {
		b = append(b, name...)
	} else {
		b = strconv.AppendInt(b, int64(e.proto), 10)
	}
	return string(b)
}

func appendEnd(b []byte, a netip.Addr, port int32) []byte {
	if a.Is6() {
		b = append(b, '[')
		b = a.AppendTo(b)
		b = append(b, ']')
	} else {
		b = a.AppendTo(b)
	}
	b = append(b, ':')
	return strconv.AppendInt(b, int64(port), 10)
}

// parseEndpoints is the inverse of path; ok only for exactly what path writes.
func parseEndpoints(path string) (e endpoints, ok bool) {
	src, rest, ok1 := strings.Cut(path, "->")
	slash := strings.LastIndexByte(rest, '/')
	if !ok1 || slash < 0 {
		return e, false
	}
	var ok2, ok3 bool
	e.src, e.sport, ok1 = parseEnd(src)
	e.dst, e.dport, ok2 = parseEnd(rest[:slash])
	e.proto, ok3 = parseProto(rest[slash+1:])
	return e, ok1 && ok2 && ok3 && e.path() == path
}

func parseEnd(s string) (netip.Addr, int32, bool) {
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 {
		return netip.Addr{}, 0, false
	}
	port, err1 := strconv.ParseInt(s[colon+1:], 10, 32)
	host := strings.TrimSuffix(strings.TrimPrefix(s[:colon], "["), "]")
	addr, err2 := netip.ParseAddr(host)
	return addr, int32(port), err1 == nil && err2 == nil
}

func parseProto(s string) (int32, bool) {
	if proto, ok := sysflow.ParseProto(s); ok {
		return proto, true
	}
	v, err := strconv.ParseInt(s, 10, 32)
	return int32(v), err == nil
}
