package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// sfDetails are the attributes of process and parent that records have since version 6.
func sfDetails() []*Def {
	list := sfDetailsOf("sf.proc.", "the process", ofProcess, numberOfProcess, func(r *Record) *Process { return r.Process })
	return append(list, sfDetailsOf("sf.pproc.", "the parent", ofParent, numberOfParent, (*Record).parent)...)
}

func sfDetailsOf(prefix, who string,
	text func(func(*Process) string) func(*Record) string,
	number func(func(*Process) (int64, bool)) func(*Record) (int64, bool),
	of func(*Record) *Process,
) []*Def {
	g := group{SysFlow, ScopeProcess}
	detailText := func(get func(*sysflow.ProcessDetails) string) func(*Record) string {
		return text(func(p *Process) string {
			if p.Details == nil {
				return ""
			}
			return get(p.Details)
		})
	}
	names := func(name, desc string, values []string, appendTo func([]string, *sysflow.ProcessDetails) []string) *Def {
		d := g.texts(prefix+name, desc, func(to []string, r *Record) []string {
			if p := of(r); p != nil && p.Details != nil {
				to = appendTo(to, p.Details)
			}
			return to
		})
		d.Values = values
		return d
	}
	capabilities := func(set string, get func(*sysflow.ProcessDetails) int64) *Def {
		return names("cap."+set, set+" capabilities of "+who+": CAP_CHOWN, CAP_KILL, ...", capabilityNames, func(to []string, d *sysflow.ProcessDetails) []string {
			return appendCapabilities(to, get(d))
		})
	}
	list := []*Def{
		g.text(prefix+"comm", "name of "+who+"'s task, at most 15 bytes", detailText(func(d *sysflow.ProcessDetails) string { return d.Comm })),
		g.text(prefix+"argv0", "what "+who+"'s program was called as", detailText(func(d *sysflow.ProcessDetails) string { return d.Argv0 })),
		names("exe.flags", "what is known of the executable of "+who+": `WRITABLE` by its user, in the `UPPER_LAYER` or `LOWER_LAYER` of an overlay, an anonymous file in memory (`MEMFD`)", exeFlagTexts, appendExeFlags),
		g.number(prefix+"exe.ino", "inode of the executable of "+who, number(exeInode)),
		g.number(prefix+"exe.ctime", "last change of that inode, in ns since the epoch", number(exeCTime)),
		g.number(prefix+"exe.mtime", "last change of the executable of "+who+", in ns since the epoch", number(exeMTime)),
		capabilities("permitted", func(d *sysflow.ProcessDetails) int64 { return d.CapPermitted }),
		capabilities("effective", func(d *sysflow.ProcessDetails) int64 { return d.CapEffective }),
		capabilities("inheritable", func(d *sysflow.ProcessDetails) int64 { return d.CapInheritable }),
		g.number(prefix+"ruid", "real user id of "+who, number(detailID(func(d *sysflow.ProcessDetails) int32 { return d.RealUID }))),
		g.number(prefix+"suid", "saved user id of "+who, number(detailID(func(d *sysflow.ProcessDetails) int32 { return d.SavedUID }))),
		g.number(prefix+"rgid", "real group id of "+who, number(detailID(func(d *sysflow.ProcessDetails) int32 { return d.RealGID }))),
		g.number(prefix+"sgid", "saved group id of "+who, number(detailID(func(d *sysflow.ProcessDetails) int32 { return d.SavedGID }))),
		g.number(prefix+"loginuid", "id of the user who logged in and started "+who, number(detailID(func(d *sysflow.ProcessDetails) int32 { return d.LoginUID }))),
		g.text(prefix+"loginuser", "name of the user who logged in and started "+who, detailText(func(d *sysflow.ProcessDetails) string { return d.LoginUser })),
		g.number(prefix+"sid", "id of the session of "+who, number(detail(sessionOf))),
		g.number(prefix+"pgid", "id of the process group of "+who, number(detail(groupOf))),
		g.number(prefix+"vpid", "id of "+who+" in its pid namespace", number(detail(func(d *sysflow.ProcessDetails) int32 { return d.VPID }))),
		g.number(prefix+"vsid", "id of the session of "+who+" in its pid namespace", number(detail(func(d *sysflow.ProcessDetails) int32 { return d.VSID }))),
		g.number(prefix+"vpgid", "id of the process group of "+who+" in its pid namespace", number(detail(func(d *sysflow.ProcessDetails) int32 { return d.VPGID }))),
	}
	for _, ns := range [...]struct {
		name string
		get  func(*sysflow.ProcessDetails) int64
	}{
		{"cgroup", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.Cgroup }},
		{"ipc", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.IPC }},
		{"mnt", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.Mnt }},
		{"net", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.Net }},
		{"pid", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.PID }},
		{"user", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.User }},
		{"uts", func(d *sysflow.ProcessDetails) int64 { return d.Namespaces.UTS }},
	} {
		list = append(list, g.number(prefix+"ns."+ns.name, ns.name+" namespace of "+who+": the inode number that /proc/PID/ns shows", number(detailNonZero(ns.get))))
	}
	return list
}

// exeFlagTexts are the names of flags, by bit.
var exeFlagTexts = sysflow.ExeFlagNames()

func appendExeFlags(to []string, d *sysflow.ProcessDetails) []string {
	for i, name := range exeFlagTexts {
		if d.ExeFlags&(1<<i) != 0 {
			to = append(to, name)
		}
	}
	return to
}
