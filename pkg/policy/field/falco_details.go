package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

const noteV6 = "since version 6"

// falcoExe are the fields of the executable file (sinsp_filtercheck_thread.cpp).
func falcoExe() []*Def {
	g := group{Falco, ScopeProcess}
	return []*Def{
		g.truth("proc.is_exe_writable", "whether the user can write the executable", exeFlag(sysflow.ExeWritable)).note(noteV6),
		g.truth("proc.is_exe_upper_layer", "whether the executable lies in the upper layer of an overlay", exeFlag(sysflow.ExeUpperLayer)).note(noteV6),
		g.truth("proc.is_exe_lower_layer", "whether it lies in the lower layer", exeFlag(sysflow.ExeLowerLayer)).note(noteV6),
		g.truth("proc.is_exe_from_memfd", "whether the executable is an anonymous file in memory", exeFlag(sysflow.ExeMemfd)).note(noteV6),
		g.number("proc.exe_ino", "inode of the executable", numberOfProcess(exeInode)).note(noteV6),
		g.number("proc.exe_ino.ctime", "last change of the inode, in ns since the epoch", numberOfProcess(exeCTime)).note(noteV6),
		g.number("proc.exe_ino.mtime", "last change of the executable, in ns since the epoch", numberOfProcess(exeMTime)).note(noteV6),
		g.number("proc.exe_ino.ctime_duration_proc_start", "ns from the change of the inode to the start of the process", numberOfProcess(func(p *Process) (int64, bool) {
			changed, ok := exeCTime(p)
			return p.OID.CreateTS - changed, ok && p.OID.CreateTS != 0
		})).note(noteV6 + "; negative if the file changed after the process began"),
		g.number("proc.exe_ino.ctime_duration_pidns_start", "ns from the start of the pid namespace to the change of the inode, if that came later", numberOfProcess(func(p *Process) (int64, bool) {
			changed, ok := exeCTime(p)
			began, known := namespaceStart(p)
			return changed - began, ok && known && changed > began
		})).about(noteV6 + "; " + noteInit),
		g.number("proc.pidns_init_start_ts", "when the pid namespace began", numberOfProcess(namespaceStart)).about(noteInit),
	}
}

const noteInit = "known where the first process of the namespace is among the ancestors: not of what a runtime starts in a running container"

var (
	exeInode = detailNonZero(func(d *sysflow.ProcessDetails) int64 { return d.ExeIno })
	exeCTime = detailNonZero(func(d *sysflow.ProcessDetails) int64 { return d.ExeCTime })
	exeMTime = detailNonZero(func(d *sysflow.ProcessDetails) int64 { return d.ExeMTime })
)

// namespaceStart is when the first process of the pid namespace began.
func namespaceStart(p *Process) (int64, bool) {
	if first := p.namespaceInit(); first != nil {
		return first.createTS()
	}
	return 0, false
}

// falcoSessions are the fields of sessions and process groups, and their leaders.
func falcoSessions() []*Def {
	g := group{Falco, ScopeProcess}
	list := []*Def{
		g.number("proc.sid", "id of the session", numberOfProcess(detail(sessionOf))).note(noteV6),
		g.number("proc.pgid", "process group on the host", numberOfProcess(detail(groupOf))).note(noteV6),
		g.number("proc.vpgid", "process group in its pid namespace", numberOfProcess(detail(func(d *sysflow.ProcessDetails) int32 { return d.VPGID }))).note(noteV6),
		g.truth("proc.is_sid_leader", "whether it leads its session", leads(sessionOf)).note(noteV6),
		g.truth("proc.is_pgid_leader", "whether it leads its group", leads(groupOf)).note(noteV6),
		g.truth("proc.is_vpgid_leader", "whether it leads its group", func(r *Record) (is, known bool) {
			p := r.Process
			if p == nil || p.Details == nil || p.Details.VPID == 0 {
				return false, false
			}
			return p.Details.VPGID == p.Details.VPID, true
		}).note(noteV6),
	}
	const noteLeader = noteV6 + "; the leader among the ancestors, else the eldest of them that belongs to it"
	of := func(group func(*sysflow.ProcessDetails) int32, get func(*Process) string) func(*Record) string {
		return func(r *Record) string {
			if p := r.Process.leader(group); p != nil {
				return get(p)
			}
			return ""
		}
	}
	for _, l := range []struct {
		name, exe, path, who string
		group                func(*sysflow.ProcessDetails) int32
	}{
		{"proc.sname", "proc.sid.exe", "proc.sid.exepath", "the session's leader", sessionOf},
		{"proc.pgid.name", "proc.pgid.exe", "proc.pgid.exepath", "the group's leader", groupOf},
		{"proc.vpgid.name", "proc.vpgid.exe", "proc.vpgid.exepath", "the group's leader", groupOf},
	} {
		list = append(list,
			g.text(l.name, "name of "+l.who, of(l.group, (*Process).comm)).about(noteLeader),
			g.text(l.exe, "first argument of "+l.who, of(l.group, (*Process).argv0)).about(noteLeader),
			g.text(l.path, "executable of "+l.who, of(l.group, (*Process).exe)).about(noteLeader),
		)
	}
	return list
}

func leads(group func(*sysflow.ProcessDetails) int32) func(*Record) (is, known bool) {
	return func(r *Record) (is, known bool) {
		p := r.Process
		if p == nil || p.Details == nil {
			return false, false
		}
		return int64(group(p.Details)) == p.OID.HPID, true
	}
}

// falcoCapabilities are the sets of capabilities.
func falcoCapabilities() []*Def {
	g := group{Falco, ScopeProcess}
	set := func(name string, get func(*sysflow.ProcessDetails) int64) *Def {
		return g.textOK("thread.cap_"+name, name+" capabilities: `CAP_CHOWN CAP_KILL`", func(r *Record) (string, bool) {
			if r.Process == nil || r.Process.Details == nil {
				return "", false
			}
			return capabilityText(get(r.Process.Details)), true
		}).note(noteV6 + "; those of the process's main thread")
	}
	return []*Def{
		set("permitted", func(d *sysflow.ProcessDetails) int64 { return d.CapPermitted }),
		set("inheritable", func(d *sysflow.ProcessDetails) int64 { return d.CapInheritable }),
		set("effective", func(d *sysflow.ProcessDetails) int64 { return d.CapEffective }),
	}
}
