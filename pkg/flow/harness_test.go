package flow

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	second = int64(time.Second)
	t0     = 1000 * second
)

// system is a synthetic source: it counts for its flows as a kernel does, and is the
// Meter and Host of a builder whose records it collects as text.
type system struct {
	t       *testing.T
	b       *Builder
	now     int64
	totals  map[uint64]*Totals
	hidden  map[uint64]bool // ended, but the event is still on its way
	reads   int
	takes   int
	users   map[int32]string
	host    map[sysflow.OID]*ProcessInfo
	listens map[uint16]bool

	lines []string
	paths map[sysflow.FOID]string
}

func newSystem(t *testing.T, change ...func(*Config)) *system {
	s := &system{
		t:       t,
		now:     t0,
		totals:  map[uint64]*Totals{},
		hidden:  map[uint64]bool{},
		users:   map[int32]string{0: "root", 1000: "terylt"},
		host:    map[sysflow.OID]*ProcessInfo{},
		listens: map[uint16]bool{},
		paths:   map[sysflow.FOID]string{},
	}
	cfg := DefaultConfig()
	for _, c := range change {
		c(&cfg)
	}
	s.b = NewBuilder(cfg, s, s, s.record)
	return s
}

func (s *system) Read(k Key) (Totals, bool) {
	s.reads++
	return s.look(k)
}

func (s *system) Take(k Key) (Totals, bool) {
	s.takes++
	tot, ok := s.look(k)
	if ok {
		delete(s.totals, k.ID)
	}
	return tot, ok
}

func (s *system) look(k Key) (Totals, bool) {
	tot := s.totals[k.ID]
	if tot == nil || s.hidden[k.ID] {
		return Totals{}, false
	}
	return *tot, true
}

func (s *system) UserName(_ string, uid int32) string  { return s.users[uid] }
func (s *system) GroupName(_ string, gid int32) string { return s.users[gid] }

func (s *system) Process(pid int32, createTS int64) (*ProcessInfo, bool) {
	info, ok := s.host[oidOf(pid, createTS)]
	return info, ok
}

func (s *system) IsListening(_ int32, port uint16) bool { return s.listens[port] }

// record appends a record as text.
func (s *system) record(rec sysflow.Record) {
	s.lines = append(s.lines, s.text(rec))
}

func (s *system) text(rec sysflow.Record) string {
	switch r := rec.(type) {
	case *sysflow.Process:
		line := strings.TrimSpace(fmt.Sprintf("P %s %d %s", r.State, r.OID.HPID, r.Exe))
		if r.ExeArgs != "" {
			line += " " + r.ExeArgs
		}
		if r.POID != nil {
			line += fmt.Sprintf(" <%d", r.POID.HPID)
		}
		return line
	case *sysflow.File:
		s.paths[r.OID] = r.Path
		return fmt.Sprintf("F %s %s %s", r.State, r.Type, r.Path)
	case *sysflow.ProcessEvent:
		line := fmt.Sprintf("PE %d/%d %s %d", r.ProcOID.HPID, r.TID, r.OpFlags, r.Ret)
		if len(r.Args) > 0 {
			line += " " + strings.Join(r.Args, ",")
		}
		return line
	case *sysflow.ProcessFlow:
		return fmt.Sprintf("PF %d %s %s +%d -%d !%d", r.ProcOID.HPID, r.OpFlags, span(r.TS, r.EndTS),
			r.NumThreadsCloned, r.NumThreadsExited, r.NumCloneErrors)
	case *sysflow.FileEvent:
		line := fmt.Sprintf("FE %d/%d %s %s", r.ProcOID.HPID, r.TID, r.OpFlags, s.path(r.FileOID))
		if r.NewFileOID != nil {
			line += " " + s.path(*r.NewFileOID)
		}
		return line + fmt.Sprintf(" %d", r.Ret) + arguments(r.Args) + origin(r.Origin)
	case *sysflow.NetworkEvent:
		return fmt.Sprintf("NE %d/%d %s %s->%s %d fd%d %d", r.ProcOID.HPID, r.TID, r.OpFlags,
			netip.AddrPortFrom(r.SIP, uint16(r.SPort)), netip.AddrPortFrom(r.DIP, uint16(r.DPort)), r.Proto, r.FD,
			r.Ret) + arguments(r.Args) + origin(r.Origin)
	case *sysflow.FileFlow:
		return fmt.Sprintf("FF %d/%d %s %s fd%d %#x %s%s", r.ProcOID.HPID, r.TID, r.OpFlags, s.path(r.FileOID), r.FD,
			int32(r.OpenFlags), span(r.TS, r.EndTS), moved(r.Counters))
	case *sysflow.NetworkFlow:
		return fmt.Sprintf("NF %d/%d %s %s->%s %d fd%d %s%s", r.ProcOID.HPID, r.TID, r.OpFlags,
			netip.AddrPortFrom(r.SIP, uint16(r.SPort)), netip.AddrPortFrom(r.DIP, uint16(r.DPort)), r.Proto, r.FD,
			span(r.TS, r.EndTS), moved(r.Counters))
	}
	return fmt.Sprintf("%T", rec)
}

func arguments(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return " " + strings.Join(args, " ")
}

func origin(o sysflow.Origin) string {
	if o == 0 {
		return ""
	}
	return " by " + o.String()
}

func (s *system) path(id sysflow.FOID) string {
	p, ok := s.paths[id]
	assert.True(s.t, ok, "file must be written before it is used")
	return p
}

// span shows times as milliseconds since t0.
func span(from, to int64) string {
	return fmt.Sprintf("%d-%d", (from-t0)/1e6, (to-t0)/1e6)
}

func moved(c sysflow.Counters) string {
	var s string
	if c.NumRRecvOps != 0 || c.NumRRecvBytes != 0 {
		s += fmt.Sprintf(" r%d/%d", c.NumRRecvOps, c.NumRRecvBytes)
	}
	if c.NumWSendOps != 0 || c.NumWSendBytes != 0 {
		s += fmt.Sprintf(" w%d/%d", c.NumWSendOps, c.NumWSendBytes)
	}
	return s
}

// expect compares all records since the last call with the lines of want.
func (s *system) expect(want string) {
	s.t.Helper()
	var lines []string
	for line := range strings.Lines(want) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	got := s.lines
	s.lines = nil
	require.Equal(s.t, strings.Join(lines, "\n"), strings.Join(got, "\n"))
}

// after lets time pass, in steps as a capture does.
func (s *system) after(d time.Duration) {
	for end := s.now + int64(d); s.now < end; {
		s.now = min(end, s.now+int64(100*time.Millisecond))
		s.b.Advance(s.now)
	}
}

// apply completes an event of a process, whose createTS is its pid.
func (s *system) apply(e Event) {
	s.now += 1e6
	if e.TS == 0 {
		e.TS = s.now
	}
	if e.CreateTS == 0 {
		e.CreateTS = int64(e.PID)
	}
	if e.TID == 0 {
		e.TID = e.PID
	}
	s.b.Apply(&e)
}

func proc(exe string, parent int32) *ProcessInfo {
	return &ProcessInfo{Exe: exe, UID: 1000, GID: 1000, CWD: "/home", ParentPID: parent, ParentCreateTS: int64(parent)}
}

func (s *system) snapshot(pid int32, exe string, parent int32) {
	s.apply(Event{Type: EventSnapshot, PID: pid, Process: proc(exe, parent)})
}

func (s *system) fork(pid, child int32) {
	s.apply(Event{Type: EventFork, PID: pid, Ret: child, Child: Child{PID: child, TID: child, CreateTS: int64(child)}})
}

// exec lets process 10 execute a program.
func (s *system) exec(exe, args string, ret int32) {
	e := Event{Type: EventExec, PID: 10, Ret: ret}
	if ret == 0 {
		e.Process = proc(exe, 0)
		e.Process.ExeArgs = args
	}
	s.apply(e)
}

func (s *system) exit(pid, status int32) { s.apply(Event{Type: EventExit, PID: pid, Ret: status}) }

// open starts a file flow; its operations are counted with do.
func (s *system) open(pid int32, id uint64, path string, flags sysflow.OpenFlags) {
	s.totals[id] = &Totals{OpFlags: sysflow.OpOpen}
	s.apply(Event{
		Type: EventFlowStart, PID: pid, Flow: Key{ID: id, PID: pid, FD: int32(id)},
		Path: path, FileType: sysflow.FileRegular, OpenFlags: flags,
	})
}

func (s *system) socket(pid int32, id uint64, op sysflow.OpFlags, sock Socket) {
	s.totals[id] = &Totals{OpFlags: op}
	s.apply(Event{Type: EventFlowStart, PID: pid, Flow: Key{ID: id, PID: pid, FD: int32(id)}, Socket: sock})
}

func (s *system) do(id uint64, ops sysflow.OpFlags, bytes ...int64) {
	tot := s.totals[id]
	tot.OpFlags |= ops
	for _, n := range bytes {
		if ops&sysflow.OpReadRecv != 0 {
			tot.NumRRecvOps++
			tot.NumRRecvBytes += n
		} else {
			tot.NumWSendOps++
			tot.NumWSendBytes += n
		}
	}
}

func (s *system) close(pid int32, id uint64) { s.end(pid, id, true) }

func (s *system) end(pid int32, id uint64, closed bool) {
	tot := *s.totals[id]
	delete(s.totals, id)
	if closed {
		tot.OpFlags |= sysflow.OpClose
	}
	s.apply(Event{Type: EventFlowEnd, PID: pid, Flow: Key{ID: id, PID: pid, FD: int32(id)}, Totals: tot, Closed: closed})
}

const (
	opRead  = sysflow.OpReadRecv
	opWrite = sysflow.OpWriteSend
	opMmap  = sysflow.OpMmap
)
