package sysflow

// Transport protocols as SysFlow numbers them.
const (
	ProtoICMP    int32 = 1
	ProtoTCP     int32 = 6
	ProtoUDP     int32 = 17
	ProtoRaw     int32 = 254
	ProtoUnknown int32 = -1
)

// ProtoName names a transport protocol: tcp, udp, icmp or raw. Others have no name here, "".
func ProtoName(proto int32) string {
	switch proto {
	case ProtoTCP:
		return "tcp"
	case ProtoUDP:
		return "udp"
	case ProtoICMP:
		return "icmp"
	case ProtoRaw:
		return "raw"
	}
	return ""
}

// ParseProto is the inverse of ProtoName.
func ParseProto(name string) (proto int32, ok bool) {
	switch name {
	case "tcp":
		return ProtoTCP, true
	case "udp":
		return ProtoUDP, true
	case "icmp":
		return ProtoICMP, true
	case "raw":
		return ProtoRaw, true
	}
	return ProtoUnknown, false
}
