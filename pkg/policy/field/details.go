package field

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// comm is the name of the task. Where it is not recorded it is what Linux calls a process
// after it has executed a file.
func (p *Process) comm() string {
	if p.Details != nil && p.Details.Comm != "" {
		return p.Details.Comm
	}
	return comm(p.Exe)
}

// argv0 is what the program was called as, the path of its executable where that is not recorded.
func (p *Process) argv0() string {
	if p.Details != nil && p.Details.Argv0 != "" {
		return p.Details.Argv0
	}
	return p.Exe
}

// loginUID is sysflow.UnknownID of a process that no login started.
func (p *Process) loginUID() (int64, bool) {
	if p.Details == nil {
		return 0, false
	}
	return int64(p.Details.LoginUID), true
}

// loginName is "<NA>" where nobody logged in, as libs has it.
func (p *Process) loginName() string {
	switch d := p.Details; {
	case d == nil:
		return ""
	case d.LoginUID == sysflow.UnknownID:
		return "<NA>"
	case d.LoginUser == "" && d.LoginUID == p.UID:
		return p.UserName
	default:
		return d.LoginUser
	}
}

// detail asks the details of a process for a number that is always known with them.
func detail[T ~int32 | ~int64](get func(*sysflow.ProcessDetails) T) func(*Process) (int64, bool) {
	return func(p *Process) (int64, bool) {
		if p.Details == nil {
			return 0, false
		}
		return int64(get(p.Details)), true
	}
}

// detailID is detail for what may be unknown: a user or group.
func detailID(get func(*sysflow.ProcessDetails) int32) func(*Process) (int64, bool) {
	return func(p *Process) (int64, bool) {
		if p.Details == nil {
			return 0, false
		}
		id := get(p.Details)
		return int64(id), id != sysflow.UnknownID
	}
}

// detailNonZero is detail for what is unknown when it is 0: an inode, a time, a namespace.
func detailNonZero[T ~int32 | ~int64](get func(*sysflow.ProcessDetails) T) func(*Process) (int64, bool) {
	return func(p *Process) (int64, bool) {
		if p.Details == nil {
			return 0, false
		}
		n := int64(get(p.Details))
		return n, n != 0
	}
}

// exeFlag asks the details of a record's process about its executable.
func exeFlag(flag sysflow.ExeFlags) func(*Record) (is, known bool) {
	return func(r *Record) (is, known bool) {
		if r.Process == nil || r.Process.Details == nil {
			return false, false
		}
		return r.Process.Details.ExeFlags&flag != 0, true
	}
}

// namespaceInit is the first process of the pid namespace of p, nil where it is neither p nor
// an ancestor: what a runtime starts in a container later on is no child of the first process.
func (p *Process) namespaceInit() *Process {
	for a, i := p, 0; a != nil && i < MaxAncestors && a.ContainerID == p.ContainerID && p.sharesPIDNamespace(a); a, i = a.Parent, i+1 {
		if a.Entry {
			return a
		}
	}
	return nil
}

// sharesPIDNamespace is true where nothing is known to the contrary.
func (p *Process) sharesPIDNamespace(q *Process) bool {
	if p.Details == nil || q.Details == nil {
		return true
	}
	a, b := p.Details.Namespaces.PID, q.Details.Namespaces.PID
	return a == b || a == 0 || b == 0
}

// leader is the first process of a session or group: the one whose id that has, or else the
// eldest ancestor in it. It is nil where the id is not known.
func (p *Process) leader(group func(*sysflow.ProcessDetails) int32) *Process {
	if p == nil || p.Details == nil {
		return nil
	}
	id := group(p.Details)
	if id == 0 {
		return nil // of kernel threads, which have none
	}
	first := p
	for a, i := p, 0; a != nil && i < MaxAncestors && a.Details != nil && group(a.Details) == id; a, i = a.Parent, i+1 {
		first = a
		if a.OID.HPID == int64(id) {
			break
		}
	}
	return first
}

func sessionOf(d *sysflow.ProcessDetails) int32 { return d.SID }
func groupOf(d *sysflow.ProcessDetails) int32   { return d.PGID }
