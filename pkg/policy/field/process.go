package field

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ancestor is the process itself for 0, its parent for 1, and so on.
func (p *Process) ancestor(n int) *Process {
	if n < 0 || n >= MaxAncestors {
		return nil
	}
	for ; p != nil && n > 0; n-- {
		p = p.Parent
	}
	return p
}

// parent is nil where it is not known.
func (r *Record) parent() *Process {
	if r.Process == nil {
		return nil
	}
	return r.Process.Parent
}

// commandLine is made when first asked for, and kept as long as it fits: descriptions of a
// process often change in other respects.
type commandLine struct {
	exe, args, comm, argv0 string
	sf, falco, called      string
}

// commandLines are those of the program and of the one before: flows that a process began
// before its exec may be reported after it, and replays of a trace come back to the first.
type commandLines [2]commandLine

// of returns the command line of the program that p runs.
func (c *commandLines) of(p *Process) *commandLine {
	if c[0].isOf(p) {
		return &c[0]
	}
	c[0], c[1] = c[1], c[0]
	if !c[0].isOf(p) {
		c[0] = commandLine{exe: p.Exe, args: p.ExeArgs}
		if p.Details != nil {
			c[0].comm, c[0].argv0 = p.Details.Comm, p.Details.Argv0
		}
	}
	return &c[0]
}

func (c *commandLine) isOf(p *Process) bool {
	if c.exe != p.Exe || c.args != p.ExeArgs {
		return false
	}
	if p.Details == nil {
		return c.comm == "" && c.argv0 == ""
	}
	return c.comm == p.Details.Comm && c.argv0 == p.Details.Argv0
}

// sfCmdline is the executable and the arguments.
func (p *Process) sfCmdline() string {
	if p.ExeArgs == "" {
		return p.Exe
	}
	c := p.texts.of(p)
	if c.sf == "" {
		c.sf = p.Exe + " " + p.ExeArgs
	}
	return c.sf
}

// falcoCmdline is the name and the arguments.
func (p *Process) falcoCmdline() string {
	if p.ExeArgs == "" {
		return p.comm()
	}
	c := p.texts.of(p)
	if c.falco == "" {
		c.falco = p.comm() + " " + p.ExeArgs
	}
	return c.falco
}

// exeline is the first argument and the others.
func (p *Process) exeline() string {
	if p.ExeArgs == "" {
		return p.argv0()
	}
	c := p.texts.of(p)
	if c.called == "" {
		c.called = p.argv0() + " " + p.ExeArgs
	}
	return c.called
}

// parentID is known more often than the parent.
func (p *Process) parentID() *sysflow.OID {
	switch {
	case p == nil:
		return nil
	case p.POID != nil:
		return p.POID
	case p.Parent != nil:
		return &p.Parent.OID
	}
	return nil
}

// env is the value of a variable.
func (p *Process) env(key string) (string, bool) {
	if p == nil {
		return "", false
	}
	for _, kv := range p.Env {
		if len(kv) > len(key) && kv[len(key)] == '=' && strings.HasPrefix(kv, key) {
			return kv[len(key)+1:], true
		}
	}
	return "", false
}

// ofProcess asks the process of a record.
func ofProcess(get func(*Process) string) func(*Record) string {
	return func(r *Record) string {
		if r.Process == nil {
			return ""
		}
		return get(r.Process)
	}
}

// ofParent asks its parent.
func ofParent(get func(*Process) string) func(*Record) string {
	return func(r *Record) string {
		if p := r.parent(); p != nil {
			return get(p)
		}
		return ""
	}
}

func numberOfProcess(get func(*Process) (int64, bool)) func(*Record) (int64, bool) {
	return func(r *Record) (int64, bool) {
		if r.Process == nil {
			return 0, false
		}
		return get(r.Process)
	}
}

func numberOfParent(get func(*Process) (int64, bool)) func(*Record) (int64, bool) {
	return func(r *Record) (int64, bool) {
		if p := r.parent(); p != nil {
			return get(p)
		}
		return 0, false
	}
}

// lineage appends the non-empty texts of p and its ancestors.
func lineage(to []string, p *Process, get func(*Process) string) []string {
	for i := 0; p != nil && i < MaxAncestors-1; i, p = i+1, p.Parent {
		if s := get(p); s != "" {
			to = append(to, s)
		}
	}
	return to
}

// lineagePIDs appends the pids of p and its ancestors; the last may be one of which nothing
// else is known.
func lineagePIDs(to []int64, p *Process) []int64 {
	for i := 0; p != nil && i < MaxAncestors-1; i, p = i+1, p.Parent {
		to = append(to, p.OID.HPID)
		if p.Parent == nil && p.POID != nil {
			to = append(to, p.POID.HPID)
		}
	}
	return to
}

func (p *Process) exe() string       { return p.Exe }
func (p *Process) name() string      { return baseName(p.Exe) }
func (p *Process) args() string      { return p.ExeArgs }
func (p *Process) userName() string  { return p.UserName }
func (p *Process) groupName() string { return p.GroupName }
func (p *Process) cwd() string       { return p.CWD }

func (p *Process) pid() (int64, bool)      { return p.OID.HPID, true }
func (p *Process) createTS() (int64, bool) { return p.OID.CreateTS, p.OID.CreateTS != 0 }
func (p *Process) uid() (int64, bool)      { return int64(p.UID), p.UID != sysflow.UnknownID }
func (p *Process) gid() (int64, bool)      { return int64(p.GID), p.GID != sysflow.UnknownID }
