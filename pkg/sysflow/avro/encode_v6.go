package avro

import (
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// appendRecordV6 writes a record as SchemaV6 says: as version 5, then the fields that
// version 6 appends. On an error b is returned unchanged.
func appendRecordV6(b []byte, rec sysflow.Record) ([]byte, error) {
	out, err := appendRecord(b, rec)
	if err != nil {
		return b, err
	}
	switch r := rec.(type) {
	case *sysflow.Container:
		out = appendString(out, r.Runtime)
		out = appendString(out, r.ImageDigest)
		out = appendMap(out, r.Labels)
		out = appendMounts(out, r.Mounts)
	case *sysflow.Process:
		out = appendDetails(out, r.Details)
	case *sysflow.ProcessEvent:
		out = appendUpperOps(out, r.OpFlags)
	case *sysflow.NetworkFlow:
		out = appendUpperOps(out, r.OpFlags)
		out = appendInt(out, int32(r.Origin))
		out = appendIPv6(appendIPv6(out, r.SIP), r.DIP)
	case *sysflow.FileFlow:
		out = appendUpperOps(out, r.OpFlags)
		out = appendInt(out, int32(r.Origin))
	case *sysflow.FileEvent:
		out = appendUpperOps(out, r.OpFlags)
		out = appendInt(out, int32(r.Origin))
		out = appendStrings(out, r.Args)
	case *sysflow.NetworkEvent:
		out = appendUpperOps(out, r.OpFlags)
		out = appendInt(out, int32(r.Origin))
		out = appendStrings(out, r.Args)
		out = appendIPv6(appendIPv6(out, r.SIP), r.DIP)
		out = appendInt(out, r.FD)
	case *sysflow.ProcessFlow:
		out = appendUpperOps(out, r.OpFlags)
	}
	return out, nil
}

// appendUpperOps writes the operations that the field of version 5 has no bits for.
func appendUpperOps(b []byte, f sysflow.OpFlags) []byte { return appendInt(b, int32(f>>32)) }

// appendIPv6 writes null for IPv4, which is in the field of version 5.
func appendIPv6(b []byte, a netip.Addr) []byte {
	if !a.Is6() || a.Is4In6() {
		return append(b, branchNull)
	}
	v := a.As16()
	return append(append(b, branchValue), v[:]...)
}

func appendMounts(b []byte, list []sysflow.Mount) []byte {
	if len(list) > 0 {
		b = appendLong(b, int64(len(list)))
		for i := range list {
			m := &list[i]
			b = appendString(b, m.Source)
			b = appendString(b, m.Destination)
			b = appendString(b, m.Mode)
			b = appendBool(b, m.RW)
			b = appendString(b, m.Propagation)
		}
	}
	return append(b, 0)
}

func appendDetails(b []byte, d *sysflow.ProcessDetails) []byte {
	if d == nil {
		return append(b, branchNull)
	}
	b = append(b, branchValue)
	b = appendString(b, d.Comm)
	b = appendString(b, d.Argv0)
	b = appendInt(b, int32(d.ExeFlags))
	for _, v := range [...]int64{d.ExeIno, d.ExeCTime, d.ExeMTime, d.CapPermitted, d.CapEffective, d.CapInheritable} {
		b = appendLong(b, v)
	}
	for _, v := range [...]int32{d.RealUID, d.SavedUID, d.RealGID, d.SavedGID, d.LoginUID} {
		b = appendInt(b, v)
	}
	b = appendString(b, d.LoginUser)
	for _, v := range [...]int32{d.SID, d.PGID, d.VPID, d.VSID, d.VPGID} {
		b = appendInt(b, v)
	}
	ns := &d.Namespaces
	for _, v := range [...]int64{ns.Cgroup, ns.IPC, ns.Mnt, ns.Net, ns.PID, ns.User, ns.UTS} {
		b = appendLong(b, v)
	}
	return b
}
