package field

import (
	"net/netip"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// sfNet are the attributes of connections. The source began the connection.
func sfNet() []*Def {
	shape, record := group{SysFlow, ScopeShape}, group{SysFlow, ScopeRecord}
	return []*Def{
		shape.texts("sf.net.proto", "IP protocol as name and as number (tcp and 6)", protoTexts).closed(protoNames()...).orNumber(),
		record.address("sf.net.sip", "address of the side that began the connection", func(r *Record) netip.Addr { return r.SIP }),
		record.address("sf.net.dip", "address of the other side", func(r *Record) netip.Addr { return r.DIP }),
		record.addresses("sf.net.ip", "both addresses", bothAddresses),
		record.number("sf.net.sport", "port of the side that began the connection", func(r *Record) (int64, bool) { return int64(r.SPort), r.isNetwork() }),
		record.number("sf.net.dport", "port of the other side", func(r *Record) (int64, bool) { return int64(r.DPort), r.isNetwork() }),
		record.numbers("sf.net.port", "both ports", bothPorts),
		shape.text("sf.net.sockfamily", "family of the socket, for IPv6 as well", ipFamily).closed("ip").
			note("SysFlow's documentation has no such attribute, but published policies ask for it"),
		record.unanswerable("sf.net.mask", "network of an address", "there never was such an attribute; compare sf.net.ip with a network such as 127.0.0.0/8", String),
	}
}

// ipFamily is Falco's fd.sockfamily for connections, which does not tell IPv6 from IPv4.
func ipFamily(r *Record) string {
	if r.isNetwork() {
		return "ip"
	}
	return ""
}

func bothAddresses(to []netip.Addr, r *Record) []netip.Addr {
	for _, a := range [...]netip.Addr{r.SIP, r.DIP} {
		if a.IsValid() {
			to = append(to, a)
		}
	}
	return to
}

func bothPorts(to []int64, r *Record) []int64 {
	if !r.isNetwork() {
		return to
	}
	return append(to, int64(r.SPort), int64(r.DPort))
}

// protoNames are the protocols that have a name.
func protoNames() []string {
	return []string{
		sysflow.ProtoName(sysflow.ProtoTCP), sysflow.ProtoName(sysflow.ProtoUDP),
		sysflow.ProtoName(sysflow.ProtoICMP), sysflow.ProtoName(sysflow.ProtoRaw),
	}
}

func protoTexts(to []string, r *Record) []string {
	if !r.isNetwork() || r.Proto == sysflow.ProtoUnknown {
		return to
	}
	to = append(to, strconv.Itoa(int(r.Proto)))
	if name := sysflow.ProtoName(r.Proto); name != "" {
		to = append(to, name)
	}
	return to
}
