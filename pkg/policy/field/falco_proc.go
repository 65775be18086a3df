package field

import (
	"strings"
)

const (
	noteComm   = "in records before version 6 the first 15 bytes of the executable's file name stand in for the task's name"
	noteArgv0  = "in records before version 6 the path of the executable stands in for it"
	noteEnv    = "a live capture keeps environments only with `capture::max_env` above 0"
	noteBlanks = "records hold the arguments joined by blanks; they are cut at blanks again"
)

// falcoProc are the fields of the process (userspace/libsinsp/sinsp_filtercheck_thread.cpp).
func falcoProc() []*Def {
	g, record := group{Falco, ScopeProcess}, group{Falco, ScopeRecord}
	return []*Def{
		g.text("proc.exe", "first argument of the command line", ofProcess((*Process).argv0)).note(noteArgv0),
		g.text("proc.pexe", "proc.exe of the parent", ofParent((*Process).argv0)).note(noteArgv0),
		g.ancestors("proc.aexe", "proc.exe of an ancestor", (*Process).argv0).noteBoth(noteArgv0),
		g.text("proc.exepath", "path of the executable", ofProcess((*Process).exe)),
		g.text("proc.pexepath", "path of the parent's executable", ofParent((*Process).exe)),
		g.ancestors("proc.aexepath", "path of an ancestor's executable", (*Process).exe),
		g.text("proc.name", "name of the process", ofProcess((*Process).comm)).note(noteComm),
		g.text("proc.pname", "name of the parent", ofParent((*Process).comm)).note(noteComm),
		g.ancestors("proc.aname", "name of an ancestor", (*Process).comm).noteBoth(noteComm),
		g.textOK("proc.args", "arguments without the first, joined by blanks; the n-th with a number in brackets", func(r *Record) (string, bool) {
			if r.Process == nil {
				return "", false
			}
			return r.Process.ExeArgs, true
		}).picked(OptionalIndex, func(r *Record, arg Arg, v *Value) {
			if r.Process != nil {
				v.Str, v.Present = word(r.Process.ExeArgs, arg.Index)
			}
		}).note("with a number: " + noteBlanks),
		g.ancestors("proc.aargs", "arguments of an ancestor", (*Process).args),
		g.text("proc.cmdline", "name and arguments", ofProcess((*Process).falcoCmdline)).note(noteComm),
		g.text("proc.pcmdline", "name and arguments of the parent", ofParent((*Process).falcoCmdline)).note(noteComm),
		g.ancestors("proc.acmdline", "name and arguments of an ancestor", (*Process).falcoCmdline).noteBoth(noteComm),
		g.text("proc.exeline", "first argument of the command line and the others", ofProcess((*Process).exeline)).note(noteArgv0),
		g.number("proc.cmdnargs", "number of arguments", numberOfProcess(func(p *Process) (int64, bool) { return countWords(p.ExeArgs), true })).about(noteBlanks),
		g.number("proc.cmdlenargs", "length of the arguments without blanks between them", numberOfProcess(func(p *Process) (int64, bool) {
			return int64(len(p.ExeArgs) - strings.Count(p.ExeArgs, " ")), true
		})).about(noteBlanks),
		g.built("proc.env", "environment, joined by blanks; the value of a variable with its name in brackets", func(b []byte, r *Record) []byte {
			if r.Process == nil {
				return b
			}
			for i, kv := range r.Process.Env {
				if i > 0 {
					b = append(b, ' ')
				}
				b = append(b, kv...)
			}
			return b
		}).picked(OptionalKey, func(r *Record, arg Arg, v *Value) { v.Str, v.Present = r.Process.env(arg.Key) }).noteBoth(noteEnv),
		g.texts("proc.aenv", "environment of the ancestors; of one with a number in brackets, the nearest ancestor's value with a name", ancestorEnv).
			picked(OptionalKey, pickAncestorEnv).noteBoth(noteEnv),
		g.text("proc.cwd", "working directory, with a slash at its end", ofProcess((*Process).cwd)),
		g.number("proc.loginshellid", "id of the oldest ancestor whose name ends in sh", func(r *Record) (int64, bool) { return loginShell(r.Process) }).note(noteComm),
		g.number("proc.tty", "controlling terminal, 0 if there is none", numberOfProcess(func(p *Process) (int64, bool) {
			if p.TTY {
				return 1, true
			}
			return 0, true
		})).about("1 where there is one; its number is not recorded"),
		g.number("proc.pid", "id of the process", numberOfProcess((*Process).pid)),
		g.number("proc.ppid", "id of the parent", parentPID),
		g.numbers("proc.apid", "ids of all ancestors; of one with a number in brackets (0 is the process itself)", func(to []int64, r *Record) []int64 {
			if to = lineagePIDs(to, r.Process); len(to) > 0 {
				to = append(to[:0], to[1:]...)
			}
			return to
		}).picked(OptionalIndex, func(r *Record, arg Arg, v *Value) { v.setInt(ancestorPID(r.Process, arg.Index)) }),
		g.number("proc.vpid", "id in the pid namespace of the process", numberOfProcess(virtualPID)).note(noteVirtual),
		g.number("proc.pvpid", "proc.vpid of the parent", numberOfParent(virtualPID)).note(noteVirtual),
		record.number("proc.duration", "ns since the process began", func(r *Record) (int64, bool) { return age(r, r.Process) }),
		record.number("proc.ppid.duration", "ns since the parent began", func(r *Record) (int64, bool) {
			since, ok := parentCreateTS(r)
			return r.TS - since, ok
		}),
		g.number("proc.pid.ts", "when the process began, in ns since the epoch", numberOfProcess((*Process).createTS)),
		g.number("proc.ppid.ts", "when the parent began, in ns since the epoch", parentCreateTS),
	}
}

const noteVirtual = "in records before version 6 known of the first process of a namespace (1) and on the host, where it is the id itself"

// virtualPID takes it, where that is all that is known, that processes outside of containers
// live in the host's namespace.
func virtualPID(p *Process) (int64, bool) {
	if p.Details != nil && p.Details.VPID != 0 {
		return int64(p.Details.VPID), true
	}
	if p.Entry {
		return 1, true
	}
	return p.OID.HPID, p.ContainerID == ""
}

func age(r *Record, p *Process) (int64, bool) {
	if p == nil || p.OID.CreateTS == 0 {
		return 0, false
	}
	return r.TS - p.OID.CreateTS, true
}

// ancestors is a text of all ancestors, without the process itself: libs' traversal begins
// with the parent. With a number it is that of one of them, 0 being the process itself.
func (g group) ancestors(name, desc string, get func(*Process) string) *Def {
	return g.texts(name, desc+": any of them, or the n-th with a number in brackets (0 is the process itself)", func(to []string, r *Record) []string {
		return lineage(to, r.parent(), get)
	}).picked(OptionalIndex, func(r *Record, arg Arg, v *Value) {
		if p := r.Process.ancestor(arg.Index); p != nil {
			v.setText(get(p))
		}
	})
}

// noteBoth adds the remark to the form with an argument, too.
func (d *Def) noteBoth(note string) *Def {
	d.single.note(note)
	return d.note(note)
}

func ancestorPID(p *Process, n int) (int64, bool) {
	if a := p.ancestor(n); a != nil {
		return a.OID.HPID, true
	}
	if n > 0 {
		if id := p.ancestor(n - 1).parentID(); id != nil {
			return id.HPID, true
		}
	}
	return 0, false
}

// maxEnvAncestors is how far libs looks for a variable.
const maxEnvAncestors = 20

func ancestorEnv(to []string, r *Record) []string {
	p := r.parent()
	for i := 0; p != nil && i < maxEnvAncestors; i, p = i+1, p.Parent {
		to = append(to, p.Env...)
	}
	return to
}

func pickAncestorEnv(r *Record, arg Arg, v *Value) {
	if n, ok := ordinal(arg.Key); ok {
		if p := r.Process.ancestor(n); p != nil {
			v.setText(strings.Join(p.Env, " "))
		}
		return
	}
	p := r.parent()
	for i := 0; p != nil && i < maxEnvAncestors && !v.Present; i, p = i+1, p.Parent {
		v.Str, v.Present = p.env(arg.Key)
	}
}

// ordinal reads a number that can count ancestors.
func ordinal(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > MaxAncestors {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, s != ""
}

func loginShell(p *Process) (int64, bool) {
	var id int64
	found := false
	for i := 0; p != nil && i < MaxAncestors; i, p = i+1, p.Parent {
		if strings.HasSuffix(p.comm(), "sh") {
			id, found = p.OID.HPID, true
		}
	}
	return id, found
}

// word is the n-th of the words that single blanks separate.
func word(s string, n int) (string, bool) {
	if s == "" {
		return "", false
	}
	for ; n > 0; n-- {
		_, rest, ok := strings.Cut(s, " ")
		if !ok {
			return "", false
		}
		s = rest
	}
	w, _, _ := strings.Cut(s, " ")
	return w, n == 0
}

func countWords(s string) int64 {
	if s == "" {
		return 0
	}
	return int64(strings.Count(s, " ")) + 1
}
