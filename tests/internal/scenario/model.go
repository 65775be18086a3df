package scenario

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os/user"
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// Expected is what the trace of a scenario must hold.
type Expected struct {
	Lines []trace.Line
	// PIDs are the scenario's processes.
	PIDs map[int64]bool
	// Foreign are processes that ran a program which does not report; the flows of its
	// loader and libraries are in the trace too.
	Foreign map[int64]bool
}

// V5 returns what traces of version 5 can hold of it.
func (e Expected) V5() *Expected {
	e.Lines = slices.DeleteFunc(slices.Clone(e.Lines), func(l trace.Line) bool { return l.SinceV6 })
	for i := range e.Lines {
		if l := &e.Lines[i]; l.V5 != "" {
			l.Text = l.V5
		}
	}
	return &e
}

// V6 returns what traces of version 6 can hold of it, in which an address that there is none of is 0.0.0.0:0.
func (e Expected) V6() *Expected {
	e.Lines = slices.Clone(e.Lines)
	for i := range e.Lines {
		e.Lines[i].Text = strings.ReplaceAll(e.Lines[i].Text, netip.AddrPort{}.String(), "0.0.0.0:0")
	}
	return &e
}

// model replays the report on tables like the kernel's.
type model struct {
	run   *Run
	procs map[int32]*process
	// spawns are the children that did not report their own birth.
	spawns map[int32]*Step
	out    Expected
}

// process is a process of the scenario.
type process struct {
	pid, parent    int32
	exe, args, cwd string
	uid, gid       int32
	entry          bool
	section        string
	fds            map[int32]*descriptor
	flows          map[flowID]*flow
	order          []flowID
	// forking is the descriptors of a child being made by the step fork.
	forking map[int32]*descriptor
	fork    Step
	// exec is an execve that has begun, killing a signal to itself.
	exec, killing *Step
	// last is the step before.
	last    Step
	exit    *Step
	threads threads
	born    [2]int64
}

type threads struct {
	cloned, exited int64
	first          *Step
}

// Expect computes what must be in the trace of a run, of which the capture saw the
// beginning and the end.
func Expect(r *Run, parentExe, parentArgs string) (*Expected, error) {
	m := &model{
		run:    r,
		procs:  make(map[int32]*process),
		spawns: make(map[int32]*Step),
		out:    Expected{PIDs: make(map[int64]bool), Foreign: make(map[int64]bool)},
	}
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Op == "spawn" {
			m.spawns[int32(s.Ret)] = s
		}
	}
	root := m.add(&process{pid: r.PID, parent: r.Parent, exe: parentExe, args: parentArgs, cwd: r.CWD})
	root.section = "main"
	root.born = [2]int64{r.Start.UnixNano(), r.End.UnixNano()}
	start := Step{T0: r.Start.UnixNano(), T1: r.Steps[0].T0, PID: r.PID, TID: r.PID}
	m.event(root, &start, sysflow.OpClone, 0)
	root.exe, root.args = r.Program, r.Args
	m.event(root, &start, sysflow.OpExec, 0)

	for i := range r.Steps {
		if err := m.step(&r.Steps[i]); err != nil {
			return nil, fmt.Errorf("report line %d: %+v: %w", i+1, r.Steps[i], err)
		}
	}
	end := Step{T0: root.last.T0, T1: r.End.UnixNano()}
	m.ended(root, &end, root.exit.Ret<<8)
	return &m.out, nil
}

func (m *model) add(p *process) *process {
	p.flows = make(map[flowID]*flow)
	if p.fds == nil {
		p.fds = make(map[int32]*descriptor)
	}
	m.procs[p.pid] = p
	m.out.PIDs[int64(p.pid)] = true
	return p
}

func (m *model) step(s *Step) error {
	p := m.procs[s.PID]
	if p == nil {
		if p = m.newborn(s); p == nil {
			return fmt.Errorf("process %d was never born", s.PID)
		}
		if s.Op == "born" {
			return nil
		}
	}
	if p.exec != nil && s.Op != "exec_failed" {
		m.executed(p, s.T0)
	}
	defer func() { p.last = *s }()
	if m.process(p, s) || m.descriptor(p, s) {
		return nil
	}
	return errors.New("unknown step, or one that contradicts those before")
}

// newborn makes the process of a child's first step.
func (m *model) newborn(s *Step) *process {
	parent := m.procs[s.Parent]
	spawn := m.spawns[s.PID]
	switch {
	case spawn != nil:
		parent = m.procs[spawn.PID]
	case s.Op != "born" || parent == nil:
		return nil
	}
	return m.child(parent, s.PID, parent.fork.T0, s.T1)
}

// child makes a copy of a process and tells of both sides of its fork.
func (m *model) child(parent *process, pid int32, from, until int64) *process {
	p := m.add(&process{
		pid: pid, parent: parent.pid, exe: parent.exe, args: parent.args, cwd: parent.cwd,
		uid: parent.uid, gid: parent.gid, entry: parent.fork.Call == "newpid",
		fds: parent.forking, section: parent.section, born: [2]int64{from, until},
	})
	parent.forking = nil
	fork := Step{T0: from, T1: until, TID: parent.fork.TID, Call: parent.fork.Call}
	m.event(parent, &fork, sysflow.OpClone, int64(pid))
	fork.TID = pid
	m.event(p, &fork, sysflow.OpClone, 0)
	if s := m.spawns[pid]; s != nil {
		p.exec = s
		m.executed(p, until)
	}
	return p
}

// process handles the steps that concern processes.
func (m *model) process(p *process, s *Step) bool {
	switch s.Op {
	case "section":
		p.section = s.Call
	case "capture":
		m.captured(p)
	case "before_fork":
		p.fork, p.forking = *s, copyDescriptors(p.fds)
	case "fork":
	case "spawn":
		if m.procs[int32(s.Ret)] == nil {
			m.child(p, int32(s.Ret), p.fork.T0, s.T1)
		}
	case "before_exec":
		p.exec = s
	case "exec_failed":
		p.exec = nil
		m.event(p, s, sysflow.OpExec, s.Ret)
	case "image":
		delete(m.out.Foreign, int64(p.pid))
		return withoutMark(s.Path) == p.exe && s.Args == p.args && s.UID == p.uid
	case "exit":
		p.exit = s
	case "wait":
		return m.waited(s)
	case "thread":
		p.threads.cloned++
		if p.threads.first == nil {
			p.threads.first = s
		}
	case "thread_exit":
		p.threads.exited++
	case "setuid":
		if s.Ret == 0 {
			p.uid = s.UID
		}
		m.event(p, s, sysflow.OpSetuid, s.Ret, userName(s.UID))
	case "name":
		m.name(p, s)
	case "chdir":
		p.cwd = s.Path
	case "process_op":
		if s.Kind == "SETGID" && s.Ret == 0 {
			p.gid = s.GID
		}
		m.event(p, s, opOf(s.Kind), s.Ret, s.Values...)
	case "killing":
		p.killing = s
	default:
		return false
	}
	return true
}

// captured begins the trace: what went before is not in it. Descriptors live on; those
// of files and connected sockets are known to the capture, and show when they are used
// or closed.
func (m *model) captured(p *process) {
	m.out.Lines = nil
	p.section = "held"
	clear(p.flows)
	p.order = nil
	for _, fd := range slices.Sorted(maps.Keys(p.fds)) {
		d := p.fds[fd]
		unused := d.proto != 0 && !d.peer.IsValid() || d.typ == sysflow.FileUnix.String() && !d.connected
		if !d.silent && !unused {
			first := Step{T0: m.run.Start.UnixNano(), T1: m.run.End.UnixNano(), TID: p.pid}
			m.flow(p, &first, flowID{fd: fd}, d.object).origin = 0
		}
	}
}

func userName(uid int32) string {
	id := strconv.Itoa(int(uid))
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// executed tells of an execve that succeeded before time until.
func (m *model) executed(p *process, until int64) {
	s := *p.exec
	p.exec = nil
	p.exe, p.args = s.Path, s.Args
	if s.TID != p.pid && s.Op == "before_exec" {
		p.threads.exited++ // the first thread makes room for this one
	}
	s.T1, s.TID = until, p.pid
	m.out.Foreign[int64(p.pid)] = true
	for fd, d := range p.fds {
		if d.cloexec {
			m.close(p, &s, fd)
		}
	}
	m.event(p, &s, sysflow.OpExec, 0)
}

// waited tells of a child's end.
func (m *model) waited(s *Step) bool {
	p := m.procs[s.Child]
	if p == nil {
		return false
	}
	end := Step{T0: p.last.T0, T1: s.T1}
	if p.exec != nil {
		m.executed(p, s.T1)
	}
	if k := p.killing; k != nil {
		k.T1 = s.T1
		m.event(p, k, opOf(k.Kind), 0, k.Values...)
	}
	m.ended(p, &end, s.Ret)
	return true
}

func (m *model) ended(p *process, s *Step, status int64) {
	s.TID = p.pid
	if p.exit != nil {
		s.TID = p.exit.TID
	}
	for _, id := range p.order {
		if f := p.flows[id]; f != nil && f.ops != 0 {
			m.finish(p, s, id, sysflow.OpTruncate)
		}
	}
	if t := p.threads; t.first != nil {
		ops := sysflow.OpClone
		if t.exited > 0 {
			ops |= sysflow.OpExit
		}
		m.line(p, trace.Line{
			Text: trace.ThreadsText(ops, t.cloned, t.exited, 0),
			From: t.first.T0, Until: t.first.T1, EndFrom: s.T0, EndUntil: s.T1, Note: p.section,
		})
	}
	m.event(p, s, sysflow.OpExit, status)
	delete(m.procs, p.pid)
}

func (m *model) event(p *process, s *Step, op sysflow.OpFlags, ret int64, args ...string) {
	about := trace.Process{
		Exe: p.exe, Args: p.args, UID: p.uid, GID: p.gid, User: userName(p.uid), Parent: int64(p.parent),
		Entry: p.entry, CWD: strings.TrimSuffix(p.cwd, "/") + "/",
	}
	text := trace.EventText(op, int64(s.TID), ret, args, about)
	m.line(p, trace.Line{
		Text: text, From: s.T0, Until: s.T1, Note: p.section + " " + s.Call, SinceV6: op > sysflow.OpRename,
	})
}

func (m *model) name(p *process, s *Step) {
	m.fileEvent(p, s, opOf(s.Kind), s.Path, s.Values)
}

func (m *model) fileEvent(p *process, s *Step, op sysflow.OpFlags, path string, args []string) {
	m.line(p, trace.Line{
		Text:    trace.NameText(op, int64(s.TID), path, s.NewPath, s.Ret, args, s.origin()),
		V5:      trace.NameText(op, int64(s.TID), path, s.NewPath, s.Ret, nil, s.origin()),
		SinceV6: op > sysflow.OpRename,
		From:    s.T0, Until: s.T1, Note: p.section + " " + s.Call,
	})
}

// opOf returns the operation of a name.
func opOf(name string) sysflow.OpFlags {
	op, err := sysflow.ParseOpFlags(name)
	if err != nil {
		panic(err) // the scenario and this model belong together
	}
	return op
}

func (m *model) line(p *process, l trace.Line) {
	l.PID, l.BornFrom, l.BornUntil = int64(p.pid), p.born[0], p.born[1]
	m.out.Lines = append(m.out.Lines, l)
}

// withoutMark takes away what /proc adds to the path of a file without a name: the kernel's
// own name of it has no such mark.
func withoutMark(path string) string { return strings.TrimSuffix(path, " (deleted)") }

// addrPort parses an address of the report, invalid when there is none.
func addrPort(s string) netip.AddrPort {
	if s == "" {
		return netip.AddrPort{}
	}
	a := netip.MustParseAddrPort(strings.Trim(s, " "))
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
