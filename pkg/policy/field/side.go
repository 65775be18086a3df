package field

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// side is the part that the process plays in a connection.
type side int

const (
	sideUnknown side = iota
	sideClient
	sideServer
)

// side tells from the operations of a record, otherwise from the addresses that are known
// to be local: those of host and pod, and loopback, where the client counts (as in libs).
func (r *Record) side() side {
	if !r.isNetwork() {
		return sideUnknown
	}
	accepted, connected := r.Ops&sysflow.OpAccept != 0, r.Ops&sysflow.OpConnect != 0
	switch {
	case r.waits():
		return sideClient // the source is this end
	case accepted && !connected:
		return sideServer
	case connected && !accepted:
		return sideClient
	case r.isLocal(r.SIP):
		return sideClient
	case r.isLocal(r.DIP):
		return sideServer
	}
	return sideUnknown
}

func (r *Record) isLocal(a netip.Addr) bool {
	if !a.IsValid() {
		return false
	}
	if a.IsLoopback() {
		return true
	}
	if host, err := netip.ParseAddr(r.node().IP); err == nil && host == a {
		return true
	}
	pod := r.pod()
	if pod == nil {
		return false
	}
	for _, ip := range pod.InternalIP {
		if podAddress(ip) == a {
			return true
		}
	}
	return false
}

// end returns address and port of the local or of the remote end, an invalid address if it
// is not known which that is.
func (r *Record) end(local bool) (netip.Addr, int64) {
	if r.waits() && !local {
		return netip.Addr{}, 0 // whoever comes
	}
	switch r.side() {
	case sideClient:
		if local {
			return r.SIP, int64(r.SPort)
		}
		return r.DIP, int64(r.DPort)
	case sideServer:
		if local {
			return r.DIP, int64(r.DPort)
		}
		return r.SIP, int64(r.SPort)
	}
	return netip.Addr{}, 0
}
