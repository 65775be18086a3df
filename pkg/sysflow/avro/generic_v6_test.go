package avro_test

import (
	"maps"
	"net/netip"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// genericV6 is generic with the fields of version 6.
func genericV6(rec sysflow.Record) (string, object) {
	name, o := generic(rec)
	more := object{}
	switch r := rec.(type) {
	case *sysflow.Container:
		mounts := []any{}
		for _, m := range r.Mounts {
			mounts = append(mounts, object{
				"source": m.Source, "destination": m.Destination, "mode": m.Mode, "rw": m.RW, "propagation": m.Propagation,
			})
		}
		more = object{"runtime": r.Runtime, "imageDigest": r.ImageDigest, "labels": anyMap(r.Labels), "mounts": mounts}
	case *sysflow.Process:
		more = object{"details": genericDetails(r.Details)}
	case *sysflow.ProcessEvent:
		more = object{"opFlags2": int(r.OpFlags >> 32)}
	case *sysflow.ProcessFlow:
		more = object{"opFlags2": int(r.OpFlags >> 32)}
	case *sysflow.FileFlow:
		more = object{"opFlags2": int(r.OpFlags >> 32), "origin": int(r.Origin)}
	case *sysflow.NetworkFlow:
		more = object{"opFlags2": int(r.OpFlags >> 32), "origin": int(r.Origin), "sip6": ipv6(r.SIP), "dip6": ipv6(r.DIP)}
	case *sysflow.FileEvent:
		more = object{"opFlags2": int(r.OpFlags >> 32), "origin": int(r.Origin), "args": anySlice(r.Args)}
	case *sysflow.NetworkEvent:
		more = object{
			"opFlags2": int(r.OpFlags >> 32), "origin": int(r.Origin), "args": anySlice(r.Args),
			"sip6": ipv6(r.SIP), "dip6": ipv6(r.DIP), "fd": int(r.FD),
		}
	}
	maps.Copy(o, more)
	return name, o
}

func genericDetails(d *sysflow.ProcessDetails) any {
	if d == nil {
		return nil
	}
	return object{"sysflow.entity.ProcessDetails": object{
		"comm": d.Comm, "argv0": d.Argv0, "exeFlags": int(d.ExeFlags), "exeIno": d.ExeIno, "exeCtime": d.ExeCTime, "exeMtime": d.ExeMTime,
		"capPermitted": d.CapPermitted, "capEffective": d.CapEffective, "capInheritable": d.CapInheritable,
		"realUid": int(d.RealUID), "savedUid": int(d.SavedUID), "realGid": int(d.RealGID), "savedGid": int(d.SavedGID),
		"loginUid": int(d.LoginUID), "loginUser": d.LoginUser,
		"sid": int(d.SID), "pgid": int(d.PGID), "vpid": int(d.VPID), "vsid": int(d.VSID), "vpgid": int(d.VPGID),
		"cgroupNs": d.Namespaces.Cgroup, "ipcNs": d.Namespaces.IPC, "mntNs": d.Namespaces.Mnt, "netNs": d.Namespaces.Net,
		"pidNs": d.Namespaces.PID, "userNs": d.Namespaces.User, "utsNs": d.Namespaces.UTS,
	}}
}

func ipv6(a netip.Addr) any {
	if !a.Is6() {
		return nil
	}
	return object{"sysflow.type.IPv6": a.As16()}
}
