package fields

import (
	"maps"
	"slices"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Schema version 6 brought the fields below. Traces of other versions have no values for them, and
// sysprint does not know them, so all are on demand.

func operationFields() []Field {
	return onDemand([]Field{
		{Name: "ops", Title: "Operations", Width: 24, Help: "operations by name, joined by |", Kinds: acting, Missing: Empty, Get: getOpNames},
		{Name: "args", Title: "Op Args", Width: 30, Help: "arguments of the operation, joined by blanks: mode=0644", Kinds: results, Missing: Empty, Get: getOpArgs},
		{Name: "origin", Title: "Origin", Width: 16, Help: "by which way operations came: syscall, io_uring", Kinds: sourced, Missing: Empty, Get: getOrigin},
	})
}

func detailFields() []Field {
	return onDemand(scoped([]Field{
		{Name: "proc.comm", Title: "Comm", Width: 15, Help: "name of the process's leader", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return stringValue(d.Comm) })},
		{Name: "proc.argv0", Title: "Argv[0]", Width: 20, Help: "first argument, which the program was called as", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return stringValue(d.Argv0) })},
		{Name: "proc.exe_flags", Title: "Exe Flags", Width: 20, Help: "executable: WRITABLE, UPPER_LAYER, LOWER_LAYER, MEMFD", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return stringValue(d.ExeFlags.String()) })},
		{Name: "proc.exe_ino", Title: "Exe Inode", Width: 10, Help: "executable: inode", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.ExeIno) })},
		{Name: "proc.exe_ctime", Title: "Exe CTime", Width: 19, Help: "executable: last change of status, ns since the epoch", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.ExeCTime) })},
		{Name: "proc.exe_mtime", Title: "Exe MTime", Width: 19, Help: "executable: last change of content, ns since the epoch", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.ExeMTime) })},
		{Name: "proc.cap_permitted", Title: "Permitted Caps", Width: 30, Help: "permitted capabilities by name", Get: ofCapabilities(func(d *sysflow.ProcessDetails) int64 { return d.CapPermitted })},
		{Name: "proc.cap_effective", Title: "Effective Caps", Width: 30, Help: "effective capabilities by name", Get: ofCapabilities(func(d *sysflow.ProcessDetails) int64 { return d.CapEffective })},
		{Name: "proc.cap_inheritable", Title: "Inheritable Caps", Width: 30, Help: "inheritable capabilities by name", Get: ofCapabilities(func(d *sysflow.ProcessDetails) int64 { return d.CapInheritable })},
		{Name: "proc.ruid", Title: "RUID", Width: 5, Help: "real user id, -1 when unknown", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.RealUID) })},
		{Name: "proc.suid", Title: "SUID", Width: 5, Help: "saved user id, -1 when unknown", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.SavedUID) })},
		{Name: "proc.rgid", Title: "RGID", Width: 5, Help: "real group id, -1 when unknown", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.RealGID) })},
		{Name: "proc.sgid", Title: "SGID", Width: 5, Help: "saved group id, -1 when unknown", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.SavedGID) })},
		{Name: "proc.loginuid", Title: "Login UID", Width: 9, Help: "id of the user that logged in, -1 when nobody did", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.LoginUID) })},
		{Name: "proc.loginuser", Title: "Login User", Width: 10, Help: "user that logged in", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return stringValue(d.LoginUser) })},
		{Name: "proc.sid", Title: "SID", Width: 8, Help: "session, on the host", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.SID) })},
		{Name: "proc.pgid", Title: "Proc. Group", Width: 11, Help: "process group, on the host", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.PGID) })},
		{Name: "proc.vpid", Title: "VPID", Width: 8, Help: "process id, in its own pid namespace", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.VPID) })},
		{Name: "proc.vsid", Title: "VSID", Width: 8, Help: "session, in its own pid namespace", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.VSID) })},
		{Name: "proc.vpgid", Title: "VPGID", Width: 8, Help: "process group, in its own pid namespace", Get: ofDetails(func(d *sysflow.ProcessDetails) Value { return intValue(d.VPGID) })},
		{Name: "proc.ns", Title: "Namespaces", Width: 40, Help: "namespaces, joined by ;: mnt=4026531841", Get: getNamespaces},
	}))
}

func containerDetailFields() []Field {
	return onDemand(scoped([]Field{
		{Name: "container.runtime", Title: "Runtime", Width: 10, Help: "container runtime by name, where the type has none: podman", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.Runtime) })},
		{Name: "container.digest", Title: "Image Digest", Width: 20, Help: "digest of the container's image", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.ImageDigest) })},
		{Name: "container.labels", Title: "Labels", Width: 30, Help: "labels of the container, joined by ;: app=web", Get: getLabels},
		{Name: "container.mounts", Title: "Mounts", Width: 40, Help: "mounts of the container, joined by ;: source:destination:rw", Get: getMounts},
	}))
}

func gapFields() []Field {
	return onDemand([]Field{
		{Name: "gap.cause", Title: "Gap Cause", Width: 20, Help: "why something is missing", Kinds: onlyGap, Missing: Empty, Get: ofGap(func(g *sysflow.Gap) Value { return stringValue(g.Cause) })},
		{Name: "gap.count", Title: "Gap Count", Width: 9, Help: "how much is missing, of what the cause says", Kinds: onlyGap, Get: ofGap(func(g *sysflow.Gap) Value { return intValue(g.Count) })},
	})
}

func onDemand(fields []Field) []Field {
	for i := range fields {
		fields[i].OnDemand = true
	}
	return fields
}

func ofDetails(get func(*sysflow.ProcessDetails) Value) func(*Row) Value {
	return func(r *Row) Value {
		if r.Process == nil || r.Process.Details == nil {
			return Value{Kind: Empty}
		}
		return get(r.Process.Details)
	}
}

func ofCapabilities(get func(*sysflow.ProcessDetails) int64) func(*Row) Value {
	return func(r *Row) Value {
		if r.Process == nil || r.Process.Details == nil {
			return Value{Kind: Empty}
		}
		return r.joined(sysflow.CapabilityNames(get(r.Process.Details)), ' ')
	}
}

func ofGap(get func(*sysflow.Gap) Value) func(*Row) Value {
	return func(r *Row) Value { return get(r.Event.(*sysflow.Gap)) } // Kinds sees to it
}

func getOpNames(r *Row) Value { return r.joined(r.ops.Names(), '|') }

func getOpArgs(r *Row) Value { return r.joined(r.args, ' ') }

func getOrigin(r *Row) Value { return r.joined(r.origin.Names(), '|') }

func (r *Row) joined(list []string, by byte) Value {
	dst := r.scratch[:0]
	for i, s := range list {
		if i > 0 {
			dst = append(dst, by)
		}
		dst = append(dst, s...)
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}

func getNamespaces(r *Row) Value {
	if r.Process == nil || r.Process.Details == nil {
		return Value{Kind: Empty}
	}
	dst, ns := r.scratch[:0], &r.Process.Details.Namespaces
	for _, n := range [...]struct {
		name  string
		inode int64
	}{{"cgroup", ns.Cgroup}, {"ipc", ns.IPC}, {"mnt", ns.Mnt}, {"net", ns.Net}, {"pid", ns.PID}, {"user", ns.User}, {"uts", ns.UTS}} {
		if n.inode == 0 {
			continue
		}
		if len(dst) > 0 {
			dst = append(dst, ';')
		}
		dst = strconv.AppendInt(append(append(dst, n.name...), '='), n.inode, 10)
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}

func getLabels(r *Row) Value {
	if r.Container == nil {
		return Value{Kind: Empty}
	}
	dst := r.scratch[:0]
	for i, k := range slices.Sorted(maps.Keys(r.Container.Labels)) {
		if i > 0 {
			dst = append(dst, ';')
		}
		dst = append(append(append(dst, k...), '='), r.Container.Labels[k]...)
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}

func getMounts(r *Row) Value {
	if r.Container == nil {
		return Value{Kind: Empty}
	}
	dst := r.scratch[:0]
	for i, m := range r.Container.Mounts {
		if i > 0 {
			dst = append(dst, ';')
		}
		dst = append(append(append(dst, m.Source...), ':'), m.Destination...)
		if m.RW {
			dst = append(dst, ":rw"...)
		} else {
			dst = append(dst, ":ro"...)
		}
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}
