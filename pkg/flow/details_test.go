package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// ofExe are details that only an executable determines, ofTask others.
func ofExe() *sysflow.ProcessDetails {
	return &sysflow.ProcessDetails{
		Argv0: "-sh", ExeFlags: sysflow.ExeMemfd, ExeIno: 1, ExeCTime: 2, ExeMTime: 3, LoginUID: sysflow.UnknownID,
	}
}

func ofTask(comm string) *sysflow.ProcessDetails {
	return &sysflow.ProcessDetails{Comm: comm, VPID: 7, LoginUID: sysflow.UnknownID}
}

// withDetails returns a system with a process 10 that has been written, and its last record.
func withDetails(t *testing.T) (*system, func() *sysflow.Process) {
	t.Helper()
	s := newSystem(t)
	var last *sysflow.Process
	s.b.sink = func(rec sysflow.Record) {
		s.record(rec)
		if p, ok := rec.(*sysflow.Process); ok {
			last = p
		}
	}
	info := proc("/bin/app", 0)
	info.Details = ofExe()
	s.apply(Event{Type: EventExec, PID: 10, Process: info})
	s.lines = nil
	return s, func() *sysflow.Process { return last }
}

func TestForkInheritsTheExecutable(t *testing.T) {
	s, last := withDetails(t)
	s.apply(Event{
		Type: EventFork, PID: 10, Ret: 20,
		Child: Child{PID: 20, TID: 20, CreateTS: 20, Details: ofTask("child")},
	})
	want := ofExe()
	want.Comm, want.VPID = "child", 7
	require.EqualValues(t, 20, last().OID.HPID)
	assert.Equal(t, want, last().Details)

	s.fork(10, 30)
	assert.Nil(t, last().Details, "unknown, for those of the parent are not the child's")
}

func TestCredentialsChangeDetails(t *testing.T) {
	s, last := withDetails(t)
	creds := Event{Type: EventCreds, PID: 10, Process: &ProcessInfo{UID: 1000, GID: 1000, Details: ofTask("renamed")}}
	s.apply(creds)
	s.expect("")
	s.apply(unlink(10))
	want := ofExe()
	want.Comm, want.VPID = "renamed", 7
	assert.Equal(t, want, last().Details)
	s.expect(`
		P MODIFIED 10 /bin/app
		F CREATED ? /x
		FE 10/10 UNLINK /x -2
	`)
	s.apply(creds)
	s.apply(unlink(10))
	s.expect("FE 10/10 UNLINK /x -2")

	creds.Process = &ProcessInfo{UID: 1000, GID: 1000}
	s.apply(creds)
	s.apply(unlink(10))
	s.expect("FE 10/10 UNLINK /x -2")
	assert.Equal(t, want, last().Details, "what is not told stays")
}

func TestDetailsOfFirstSight(t *testing.T) {
	s := newSystem(t)
	var last *sysflow.Process
	s.b.sink = func(rec sysflow.Record) {
		if p, ok := rec.(*sysflow.Process); ok {
			last = p
		}
	}
	s.snapshot(10, "/bin/app", 0)
	s.apply(Event{Type: EventCreds, PID: 10, Process: &ProcessInfo{Details: ofTask("app")}})
	s.apply(unlink(10))
	assert.Equal(t, ofTask("app"), last.Details)
}

func TestLoginUser(t *testing.T) {
	s, last := withDetails(t)
	login := ofTask("sh")
	login.LoginUID = 1000
	s.apply(Event{Type: EventCreds, PID: 10, Process: &ProcessInfo{Details: login}})
	s.apply(unlink(10))
	assert.Equal(t, "terylt", last().Details.LoginUser)
	assert.Empty(t, login.LoginUser, "what the source gave is not changed")

	info := proc("/bin/sh", 0)
	info.Details = login
	s.apply(Event{Type: EventExec, PID: 10, Process: info})
	assert.Equal(t, "terylt", last().Details.LoginUser)
}

func TestProcessOp(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/app", 0)
	s.apply(Event{Type: EventProcessOp, PID: 10, TID: 11, Op: sysflow.OpPtrace, Ret: -1, Args: []string{"request=PTRACE_ATTACH", "pid=7"}})
	s.apply(Event{Type: EventProcessOp, PID: 10, Op: sysflow.OpSetgid, Args: []string{"gid=0"}, Process: &ProcessInfo{UID: 1000}})
	s.apply(Event{Type: EventProcessOp, PID: 10, Op: sysflow.OpMemfdCreate, Ret: 5})
	s.expect(`
		P REUP 10 /bin/app
		PE 10/11 PTRACE -1 request=PTRACE_ATTACH,pid=7
		P MODIFIED 10 /bin/app
		PE 10/10 SETGID 0 gid=0
		PE 10/10 MEMFD_CREATE 5
	`)
}
