package field

// falcoThread are the fields of the thread, and what else Falco knows of processes.
func falcoThread() []*Def {
	record, g := group{Falco, ScopeRecord}, group{Falco, ScopeProcess}
	list := []*Def{
		record.number("thread.tid", "id of the thread", threadID),
		record.truth("thread.ismain", "whether the thread is the main one", func(r *Record) (is, known bool) {
			return r.Process != nil && r.TID == r.Process.OID.HPID, r.Process != nil && r.TID != 0
		}),
		record.number("thread.vtid", "id of the thread in its pid namespace", func(r *Record) (int64, bool) {
			return r.TID, r.TID != 0 && r.Process != nil && r.Process.ContainerID == ""
		}).about("known on the host, where it is the id itself"),
	}
	const (
		noLeader = "sessions and process groups are not recorded"
		noInode  = "of the executable only the path is recorded"
		noCaps   = "capabilities are not recorded"
		noUsage  = "use of resources is not recorded"
		noStdio  = "the standard descriptors of a process are not recorded"
		noCgroup = "control groups are not recorded"
		noProbe  = "probes of containers are not recorded"
	)
	for _, f := range []struct {
		typ   Type
		why   string
		names []string
	}{
		{Int, noLeader, []string{"proc.sid", "proc.vpgid", "proc.pgid"}},
		{String, noLeader, []string{
			"proc.sname", "proc.sid.exe", "proc.sid.exepath", "proc.vpgid.name", "proc.vpgid.exe",
			"proc.vpgid.exepath", "proc.pgid.name", "proc.pgid.exe", "proc.pgid.exepath",
		}},
		{Bool, noLeader, []string{"proc.is_sid_leader", "proc.is_vpgid_leader", "proc.is_pgid_leader"}},
		{Bool, noInode, []string{"proc.is_exe_writable", "proc.is_exe_upper_layer", "proc.is_exe_lower_layer", "proc.is_exe_from_memfd"}},
		{Int, noInode, []string{
			"proc.exe_ino", "proc.exe_ino.ctime", "proc.exe_ino.mtime",
			"proc.exe_ino.ctime_duration_proc_start", "proc.exe_ino.ctime_duration_pidns_start",
		}},
		{Int, "the start of a pid namespace is not recorded", []string{"proc.pidns_init_start_ts"}},
		{String, noCaps, []string{"thread.cap_permitted", "thread.cap_inheritable", "thread.cap_effective"}},
		{Bool, noProbe, []string{"proc.is_container_healthcheck", "proc.is_container_liveness_probe", "proc.is_container_readiness_probe"}},
		{Int, noUsage, []string{
			"proc.fdopencount", "proc.fdlimit", "proc.fdusage", "proc.vmsize", "proc.vmrss", "proc.vmswap", "proc.nthreads", "proc.nchilds",
			"thread.pfmajor", "thread.pfminor", "thread.exectime", "thread.totexectime", "thread.cpu", "thread.cpu.user", "thread.cpu.system",
			"thread.vmsize", "thread.vmrss", "thread.vmsize.b", "thread.vmrss.b",
		}},
		{String, noStdio, []string{
			"proc.stdin.type", "proc.stdout.type", "proc.stderr.type", "proc.stdin.name", "proc.stdout.name", "proc.stderr.name",
		}},
		{String, "Falco itself knows it only in tables", []string{"thread.nametid"}},
		{String, noCgroup, []string{"thread.cgroups"}},
	} {
		for _, name := range f.names {
			list = append(list, g.unanswerable(name, falcoDescs[name], f.why, f.typ))
		}
	}
	return append(list, g.unanswerable("thread.cgroup", "control group of a subsystem", noCgroup, String).arg(RequiredKey))
}

// falcoDescs are in one place because one reason explains many of them.
var falcoDescs = map[string]string{
	"proc.sid": "id of the session", "proc.vpgid": "process group in its pid namespace", "proc.pgid": "process group on the host",
	"proc.sname": "name of the session's leader", "proc.sid.exe": "first argument of the session's leader",
	"proc.sid.exepath": "executable of the session's leader",
	"proc.vpgid.name":  "name of the group's leader", "proc.vpgid.exe": "first argument of the group's leader",
	"proc.vpgid.exepath": "executable of the group's leader",
	"proc.pgid.name":     "name of the group's leader", "proc.pgid.exe": "first argument of the group's leader",
	"proc.pgid.exepath":  "executable of the group's leader",
	"proc.is_sid_leader": "whether it leads its session", "proc.is_vpgid_leader": "whether it leads its group",
	"proc.is_pgid_leader":     "whether it leads its group",
	"proc.is_exe_writable":    "whether the user can write the executable",
	"proc.is_exe_upper_layer": "whether the executable lies in the upper layer of an overlay", "proc.is_exe_lower_layer": "whether it lies in the lower layer",
	"proc.is_exe_from_memfd": "whether the executable is an anonymous file in memory",
	"proc.exe_ino":           "inode of the executable", "proc.exe_ino.ctime": "last change of the inode", "proc.exe_ino.mtime": "last change of the executable",
	"proc.exe_ino.ctime_duration_proc_start":  "ns from the change of the inode to the start of the process",
	"proc.exe_ino.ctime_duration_pidns_start": "ns from the start of the pid namespace to the change of the inode",
	"proc.pidns_init_start_ts":                "when the pid namespace began",
	"thread.cap_permitted":                    "permitted capabilities", "thread.cap_inheritable": "inheritable capabilities", "thread.cap_effective": "effective capabilities",
	"proc.is_container_healthcheck":    "whether it is a health check of its container",
	"proc.is_container_liveness_probe": "whether it is a liveness probe of its container", "proc.is_container_readiness_probe": "whether it is a readiness probe of its container",
	"proc.fdopencount": "number of open descriptors", "proc.fdlimit": "most descriptors that it may open", "proc.fdusage": "share of that in use",
	"proc.vmsize": "virtual memory in KiB", "proc.vmrss": "resident memory in KiB", "proc.vmswap": "swapped memory in KiB",
	"proc.nthreads": "number of threads", "proc.nchilds": "number of threads but the main one",
	"thread.pfmajor": "major page faults", "thread.pfminor": "minor page faults", "thread.exectime": "CPU time of the last thread",
	"thread.totexectime": "CPU time of the thread", "thread.cpu": "CPU use of the thread", "thread.cpu.user": "CPU use in user mode",
	"thread.cpu.system": "CPU use in the kernel", "thread.vmsize": "virtual memory in KiB", "thread.vmrss": "resident memory in KiB",
	"thread.vmsize.b": "virtual memory in bytes", "thread.vmrss.b": "resident memory in bytes",
	"proc.stdin.type": "type of the standard input", "proc.stdout.type": "type of the standard output", "proc.stderr.type": "type of the standard error",
	"proc.stdin.name": "name of the standard input", "proc.stdout.name": "name of the standard output", "proc.stderr.name": "name of the standard error",
	"thread.nametid": "name and id of the thread", "thread.cgroups": "control groups of the thread",
}
