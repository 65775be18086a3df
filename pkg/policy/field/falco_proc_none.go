package field

// unrecorded are fields that share the reason why SysFlow records do not answer them.
type unrecorded struct {
	typ Type
	why string
	// fields are names and what they are.
	fields [][2]string
}

func (g group) unrecorded(list []unrecorded) []*Def {
	var defs []*Def
	for _, u := range list {
		for _, f := range u.fields {
			defs = append(defs, g.unanswerable(f[0], f[1], u.why, u.typ))
		}
	}
	return defs
}

// falcoProcUnanswerable are fields of process and thread that SysFlow records say nothing about.
func falcoProcUnanswerable() []*Def {
	const (
		noUsage  = "use of resources is not recorded"
		noStdio  = "the standard descriptors of a process are not recorded"
		noProbe  = "probes of containers are not recorded"
		noCgroup = "control groups are not recorded"
	)
	g := group{Falco, ScopeProcess}
	list := g.unrecorded([]unrecorded{
		{Bool, noProbe, [][2]string{
			{"proc.is_container_healthcheck", "whether it is a health check of its container"},
			{"proc.is_container_liveness_probe", "whether it is a liveness probe of its container"},
			{"proc.is_container_readiness_probe", "whether it is a readiness probe of its container"},
		}},
		{Int, noUsage, [][2]string{
			{"proc.fdopencount", "number of open descriptors"},
			{"proc.fdlimit", "most descriptors that it may open"},
			{"proc.fdusage", "share of that in use"},
			{"proc.vmsize", "virtual memory in KiB"},
			{"proc.vmrss", "resident memory in KiB"},
			{"proc.vmswap", "swapped memory in KiB"},
			{"proc.nthreads", "number of threads"},
			{"proc.nchilds", "number of threads but the main one"},
			{"thread.pfmajor", "major page faults"},
			{"thread.pfminor", "minor page faults"},
			{"thread.exectime", "CPU time of the last thread"},
			{"thread.totexectime", "CPU time of the thread"},
			{"thread.cpu", "CPU use of the thread"},
			{"thread.cpu.user", "CPU use in user mode"},
			{"thread.cpu.system", "CPU use in the kernel"},
			{"thread.vmsize", "virtual memory in KiB"},
			{"thread.vmrss", "resident memory in KiB"},
			{"thread.vmsize.b", "virtual memory in bytes"},
			{"thread.vmrss.b", "resident memory in bytes"},
		}},
		{String, noStdio, [][2]string{
			{"proc.stdin.type", "type of the standard input"},
			{"proc.stdout.type", "type of the standard output"},
			{"proc.stderr.type", "type of the standard error"},
			{"proc.stdin.name", "name of the standard input"},
			{"proc.stdout.name", "name of the standard output"},
			{"proc.stderr.name", "name of the standard error"},
		}},
		{String, "Falco itself knows it only in tables", [][2]string{
			{"thread.nametid", "name and id of the thread"},
		}},
		{String, noCgroup, [][2]string{
			{"thread.cgroups", "control groups of the thread"},
		}},
	})
	return append(list, g.unanswerable("thread.cgroup", "control group of a subsystem", noCgroup, String).arg(RequiredKey))
}
