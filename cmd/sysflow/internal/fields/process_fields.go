package fields

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// schemaWithoutEntry is the first schema version; its processes do not tell
// whether they are the first of their pid namespace.
const schemaWithoutEntry = 1000

func ofProcess(get func(r *Row, p *sysflow.Process) Value, missing Kind) func(*Row) Value {
	return func(r *Row) Value {
		if r.Process == nil {
			return Value{Kind: missing}
		}
		return get(r, r.Process)
	}
}

func ofParent(get func(r *Row, p *sysflow.Process) Value, missing Kind) func(*Row) Value {
	return func(r *Row) Value {
		if r.Parent == nil {
			return Value{Kind: missing}
		}
		return get(r, r.Parent)
	}
}

func processFields() []Field {
	fields := []Field{
		{Name: "proc.pid", Title: "PID", Width: 8, Help: "process id, on the host", Get: ofProcess(getPID, Null)},
		{Name: "proc.tid", Title: "TID", Width: 8, Help: "thread id, on the host", Kinds: threaded, Get: getTID},
		{Name: "proc.uid", Title: "UID", Width: 5, Help: "user id, -1 when unknown", Get: ofProcess(getUID, Null)},
		{Name: "proc.user", Title: "User", Width: 8, Help: "user name", Get: ofProcess(getUser, Empty)},
		{Name: "proc.gid", Title: "GID", Width: 5, Help: "group id, -1 when unknown", Get: ofProcess(getGID, Null)},
		{Name: "proc.group", Title: "Group", Width: 8, Help: "group name", Get: ofProcess(getGroup, Empty)},
		{Name: "proc.cwd", Title: "Cwd", Width: 20, Help: "working directory", Get: ofProcess(getCWD, Empty)},
		{Name: "proc.exe", Title: "Cmd", Width: 20, Help: "path of the executable", Get: ofProcess(getExe, Empty)},
		{Name: "proc.args", Title: "Args", Width: 20, Help: "arguments", Get: ofProcess(getArgs, Empty)},
		{Name: "proc.tty", Title: "TTY", Width: 5, Help: "whether it has a terminal", Get: ofProcess(getTTY, Empty)},
		{Name: "proc.entry", Title: "Entry", Width: 5, Help: "whether it is the first process of its pid namespace", Get: ofProcess(getEntry, Empty)},
		{Name: "proc.env", Title: "Env", Width: 30, Help: "environment, joined by ;", Get: ofProcess(getEnv, Empty)},
		{Name: "proc.createts", Title: "Proc. Creation Time", Width: 19, Help: "creation, ns since the epoch, 0 when older than the trace", Get: ofProcess(getCreateTS, Null)},
		{Name: "proc.name", Title: "Proc. Name", Width: 16, Help: "file name of the executable", OnDemand: true, Get: ofProcess(getName, Empty)},
		{Name: "proc.cmdline", Title: "Cmd Line", Width: 40, Help: "executable and arguments", OnDemand: true, Get: ofProcess(getCmdLine, Empty)},
		{Name: "proc.apid", Title: "A. PIDs", Width: 20, Help: "process ids from the process up to its oldest known ancestor", OnDemand: true, Get: getAncestorPIDs},
		{Name: "proc.aname", Title: "A. Proc. Names", Width: 40, Help: "executables from the process up to its oldest known ancestor", OnDemand: true, Get: getAncestorNames},
	}
	// Ancestors beyond the parent may become known later than the process.
	return scoped(fields, "proc.tid", "proc.apid", "proc.aname")
}

func parentFields() []Field {
	return scoped([]Field{
		{Name: "pproc.pid", Title: "PPID", Width: 8, Help: "parent: process id", Get: ofParent(getPID, Null)},
		{Name: "pproc.gid", Title: "PGID", Width: 5, Help: "parent: group id", Get: ofParent(getGID, Null)},
		{Name: "pproc.uid", Title: "PUID", Width: 5, Help: "parent: user id", Get: ofParent(getUID, Null)},
		{Name: "pproc.group", Title: "PGroup", Width: 8, Help: "parent: group name", Get: ofParent(getGroup, Empty)},
		{Name: "pproc.tty", Title: "PTTY", Width: 5, Help: "parent: whether it has a terminal", Get: ofParent(getTTY, Empty)},
		{Name: "pproc.entry", Title: "PEntry", Width: 6, Help: "parent: whether it is the first process of its pid namespace", Get: ofParent(getEntry, Empty)},
		{Name: "pproc.env", Title: "PEnv", Width: 30, Help: "parent: environment, joined by ;", Get: ofParent(getEnv, Empty)},
		{Name: "pproc.user", Title: "PUser", Width: 8, Help: "parent: user name", Get: ofParent(getUser, Empty)},
		{Name: "pproc.cwd", Title: "PCwd", Width: 20, Help: "parent: working directory", Get: ofParent(getCWD, Empty)},
		{Name: "pproc.exe", Title: "PCmd", Width: 20, Help: "parent: path of the executable", Get: ofParent(getExe, Empty)},
		{Name: "pproc.args", Title: "PArgs", Width: 20, Help: "parent: arguments", Get: ofParent(getArgs, Empty)},
		{Name: "pproc.createts", Title: "PProc. Creation Time", Width: 19, Help: "parent: creation, ns since the epoch", Get: ofParent(getCreateTS, Empty)},
		{Name: "pproc.name", Title: "PProc. Name", Width: 16, Help: "parent: file name of the executable", OnDemand: true, Get: ofParent(getName, Empty)},
		{Name: "pproc.cmdline", Title: "PProc. Cmd Line", Width: 40, Help: "parent: executable and arguments", OnDemand: true, Get: ofParent(getCmdLine, Empty)},
	})
}

// scoped marks all fields but the excepted as depending on the process only.
func scoped(fields []Field, except ...string) []Field {
	for i := range fields {
		if !slices.Contains(except, fields[i].Name) {
			fields[i].Scope = ScopeProcess
		}
	}
	return fields
}

func getTID(r *Row) Value { return intValue(r.tid) }

func getPID(_ *Row, p *sysflow.Process) Value      { return intValue(p.OID.HPID) }
func getUID(_ *Row, p *sysflow.Process) Value      { return intValue(p.UID) }
func getUser(_ *Row, p *sysflow.Process) Value     { return stringValue(p.UserName) }
func getGID(_ *Row, p *sysflow.Process) Value      { return intValue(p.GID) }
func getGroup(_ *Row, p *sysflow.Process) Value    { return stringValue(p.GroupName) }
func getCWD(_ *Row, p *sysflow.Process) Value      { return stringValue(p.CWD) }
func getExe(_ *Row, p *sysflow.Process) Value      { return stringValue(p.Exe) }
func getArgs(_ *Row, p *sysflow.Process) Value     { return stringValue(p.ExeArgs) }
func getTTY(_ *Row, p *sysflow.Process) Value      { return boolValue(p.TTY) }
func getCreateTS(_ *Row, p *sysflow.Process) Value { return intValue(p.OID.CreateTS) }
func getName(_ *Row, p *sysflow.Process) Value     { return stringValue(baseName(p.Exe)) }

func getEntry(r *Row, p *sysflow.Process) Value {
	if r.Header != nil && r.Header.Version == schemaWithoutEntry {
		return Value{Kind: Empty}
	}
	return boolValue(p.Entry)
}

func getEnv(r *Row, p *sysflow.Process) Value {
	dst := r.scratch[:0]
	for _, e := range p.Env {
		if e == "" || e == "=" {
			continue
		}
		if len(dst) > 0 {
			dst = append(dst, ';')
		}
		dst = append(dst, e...)
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}

func getCmdLine(r *Row, p *sysflow.Process) Value {
	r.scratch = append(r.scratch[:0], p.Exe...)
	if p.ExeArgs != "" {
		r.scratch = append(append(r.scratch, ' '), p.ExeArgs...)
	}
	return Value{Kind: Text, Raw: r.scratch}
}

func getAncestorPIDs(r *Row) Value {
	return r.ancestors(func(dst []byte, p *sysflow.Process) []byte { return intValue(p.OID.HPID).Append(dst) })
}

func getAncestorNames(r *Row) Value {
	return r.ancestors(func(dst []byte, p *sysflow.Process) []byte { return append(dst, p.Exe...) })
}

// maxAncestors bounds the walk up the parents, which in a damaged trace could go in circles.
const maxAncestors = 64

func (r *Row) ancestors(add func([]byte, *sysflow.Process) []byte) Value {
	dst := r.scratch[:0]
	for p, n := r.Process, 0; p != nil && n < maxAncestors; p, n = r.table.Parent(p), n+1 {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = add(dst, p)
	}
	r.scratch = dst
	return Value{Kind: Text, Raw: dst}
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
