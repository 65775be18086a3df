package field

// sfProc are the attributes of the process and its parent.
func sfProc() []*Def {
	g, record := group{SysFlow, ScopeProcess}, group{SysFlow, ScopeRecord}
	list := []*Def{
		g.number("sf.proc.pid", "process id", numberOfProcess((*Process).pid)),
		g.number("sf.proc.createts", "when the process was created, in ns since the epoch", numberOfProcess((*Process).createTS)),
		record.number("sf.proc.tid", "id of the thread", threadID),
		g.number("sf.pproc.pid", "process id of the parent", parentPID),
		g.number("sf.pproc.createts", "when the parent was created, in ns since the epoch", parentCreateTS),
		g.unanswerable("sf.pproc.tid", "thread of the parent", "records name the thread that acted, not that of the parent", Int),
	}
	list = append(list, sfProcOf("sf.proc.", "the process", g, ofProcess, numberOfProcess, func(r *Record) *Process { return r.Process })...)
	list = append(list, sfProcOf("sf.pproc.", "the parent", g, ofParent, numberOfParent, (*Record).parent)...)
	return list
}

func sfProcOf(prefix, who string, g group,
	text func(func(*Process) string) func(*Record) string,
	number func(func(*Process) (int64, bool)) func(*Record) (int64, bool),
	of func(*Record) *Process,
) []*Def {
	all := func(get func(*Process) string) func([]string, *Record) []string {
		return func(to []string, r *Record) []string { return lineage(to, of(r), get) }
	}
	return []*Def{
		g.number(prefix+"uid", "effective user id of "+who, number((*Process).uid)),
		g.text(prefix+"user", "user name of "+who, text((*Process).userName)),
		g.number(prefix+"gid", "effective group id of "+who, number((*Process).gid)),
		g.text(prefix+"group", "group name of "+who, text((*Process).groupName)),
		g.text(prefix+"exe", "path of the executable of "+who, text((*Process).exe)),
		g.text(prefix+"args", "arguments of "+who+" without the first, joined by blanks", text((*Process).args)),
		g.text(prefix+"name", "file name of the executable of "+who, text((*Process).name)),
		g.text(prefix+"cmdline", "path of the executable and arguments of "+who, text((*Process).sfCmdline)),
		g.text(prefix+"cwd", "working directory of "+who+", with a slash at its end", text((*Process).cwd)),
		g.truth(prefix+"tty", "whether "+who+" has a controlling terminal", truthOf(of, func(p *Process) bool { return p.TTY })),
		g.truth(prefix+"entry", "whether "+who+" is the first of its pid namespace (the entry point of a container)", truthOf(of, func(p *Process) bool { return p.Entry })),
		g.texts(prefix+"aname", "file names of the executables of "+who+" and its ancestors", all((*Process).name)),
		g.texts(prefix+"aexe", "paths of the executables of "+who+" and its ancestors", all((*Process).exe)),
		g.texts(prefix+"acmdline", "command lines of "+who+" and its ancestors", all((*Process).sfCmdline)),
		g.numbers(prefix+"apid", "ids of "+who+" and its ancestors", func(to []int64, r *Record) []int64 { return lineagePIDs(to, of(r)) }),
		g.texts(prefix+"env", "environment of "+who+": KEY=VALUE; the value alone with a key in brackets", func(to []string, r *Record) []string {
			if p := of(r); p != nil {
				to = append(to, p.Env...)
			}
			return to
		}).picked(OptionalKey, func(r *Record, arg Arg, v *Value) { v.Str, v.Present = of(r).env(arg.Key) }).noteBoth(noteEnv),
		g.def(prefix+"oid", "identity of "+who+" in sf-processor's JSON: a hash of pid and creation time", String, func(r *Record, _ Arg, v *Value) {
			if p := of(r); p != nil {
				v.setText(processHash(p.OID))
			}
		}),
	}
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
