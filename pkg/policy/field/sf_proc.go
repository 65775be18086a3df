package field

// sfProc are the attributes of the process and its parent.
func sfProc() []*Def {
	g, record := group{SysFlow, ScopeProcess}, group{SysFlow, ScopeRecord}
	list := []*Def{
		record.number("sf.proc.tid", "id of the thread", threadID),
		g.number("sf.pproc.pid", "process id of the parent", parentPID),
		g.number("sf.pproc.createts", "when the parent was created, in ns since the epoch", parentCreateTS),
		g.unanswerable("sf.pproc.tid", "thread of the parent", "records name the thread that acted, not that of the parent", Int),
	}
	list = append(list, sfProcOf("sf.proc.", "", g, ofProcess, numberOfProcess, func(r *Record) *Process { return r.Process })...)
	list = append(list, sfProcOf("sf.pproc.", " of the parent", g, ofParent, numberOfParent, (*Record).parent)...)
	return list
}

func sfProcOf(prefix, whose string, g group,
	text func(func(*Process) string) func(*Record) string,
	number func(func(*Process) (int64, bool)) func(*Record) (int64, bool),
	of func(*Record) *Process,
) []*Def {
	all := func(get func(*Process) string) func([]string, *Record) []string {
		return func(to []string, r *Record) []string { return lineage(to, of(r), get) }
	}
	list := []*Def{
		g.number(prefix+"uid", "effective user id"+whose, number((*Process).uid)),
		g.text(prefix+"user", "user name"+whose, text((*Process).userName)),
		g.number(prefix+"gid", "effective group id"+whose, number((*Process).gid)),
		g.text(prefix+"group", "group name"+whose, text((*Process).groupName)),
		g.text(prefix+"exe", "path of the executable"+whose, text((*Process).exe)),
		g.text(prefix+"args", "arguments"+whose+" without the first, joined by blanks", text((*Process).args)),
		g.text(prefix+"name", "file name of the executable"+whose, text((*Process).name)),
		g.text(prefix+"cmdline", "path of the executable and arguments"+whose, text((*Process).sfCmdline)),
		g.text(prefix+"cwd", "working directory"+whose, text((*Process).cwd)),
		g.truth(prefix+"tty", "whether there is a controlling terminal"+whose, truthOf(of, func(p *Process) bool { return p.TTY })),
		g.truth(prefix+"entry", "whether it is the first process of its pid namespace (the entry point of a container)", truthOf(of, func(p *Process) bool { return p.Entry })),
		g.texts(prefix+"aname", "file names of the executables of the process and its ancestors"+whose, all((*Process).name)),
		g.texts(prefix+"aexe", "paths of the executables of the process and its ancestors"+whose, all((*Process).exe)),
		g.texts(prefix+"acmdline", "command lines of the process and its ancestors"+whose, all((*Process).sfCmdline)),
		g.numbers(prefix+"apid", "ids of the process and its ancestors"+whose, func(to []int64, r *Record) []int64 { return lineagePIDs(to, of(r)) }),
		g.texts(prefix+"env", "environment"+whose+": KEY=VALUE; the value alone with a key in brackets", func(to []string, r *Record) []string {
			if p := of(r); p != nil {
				to = append(to, p.Env...)
			}
			return to
		}).picked(OptionalKey, func(r *Record, arg Arg, v *Value) { v.Str, v.Present = of(r).env(arg.Key) }),
		g.def(prefix+"oid", "identity"+whose+" in sf-processor's JSON: a hash of pid and creation time", String, func(r *Record, _ Arg, v *Value) {
			if p := of(r); p != nil {
				v.setText(processHash(p.OID))
			}
		}),
	}
	if whose == "" {
		list = append(list,
			g.number(prefix+"pid", "process id", number((*Process).pid)),
			g.number(prefix+"createts", "when it was created, in ns since the epoch", number((*Process).createTS)))
	}
	return list
}

func truthOf(of func(*Record) *Process, get func(*Process) bool) func(*Record) (is, known bool) {
	return func(r *Record) (is, known bool) {
		p := of(r)
		return p != nil && get(p), p != nil
	}
}

func threadID(r *Record) (int64, bool) { return r.TID, r.TID != 0 }

func parentPID(r *Record) (int64, bool) {
	if id := r.Process.parentID(); id != nil {
		return id.HPID, true
	}
	return 0, false
}

func parentCreateTS(r *Record) (int64, bool) {
	if id := r.Process.parentID(); id != nil {
		return id.CreateTS, id.CreateTS != 0
	}
	return 0, false
}
