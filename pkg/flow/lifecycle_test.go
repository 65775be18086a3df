package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func unlink(pid int32) Event {
	return Event{Type: EventName, PID: pid, Op: sysflow.OpUnlink, Path: "/x", Ret: -2}
}

func TestForkOfSnapshotProcess(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/sh", 1)
	s.snapshot(1, "/sbin/init", 0)
	s.expect("")
	s.apply(Event{
		Type: EventFork, PID: 10, TID: 12, Ret: 3,
		Child: Child{PID: 20, TID: 20, CreateTS: 20},
	})
	s.expect(`
		P REUP 1 /sbin/init
		P REUP 10 /bin/sh <1
		PE 10/12 CLONE 3
		P CREATED 20 /bin/sh <10
		PE 20/20 CLONE 0
	`)
}

func TestForkWithAnotherParent(t *testing.T) {
	s := newSystem(t)
	s.snapshot(1, "/sbin/init", 0)
	s.snapshot(10, "/bin/sh", 1)
	s.apply(Event{
		Type: EventFork, PID: 10, Ret: 20, Process: proc("/bin/sh", 0),
		Child: Child{PID: 20, TID: 20, CreateTS: 20, ParentPID: 1, ParentCreateTS: 1},
	})
	s.expect(`
		P REUP 1 /sbin/init
		P REUP 10 /bin/sh <1
		PE 10/10 CLONE 20
		P CREATED 20 /bin/sh <1
		PE 20/20 CLONE 0
	`)
}

func TestForkOvertakenByTheChild(t *testing.T) {
	t.Run("unknown to the host", func(t *testing.T) {
		s := withProcess(t)
		s.apply(unlink(20))
		s.fork(10, 20)
		s.expect(`
			P REUP 20
			FE 20/20 UNLINK /x -2
			PE 10/10 CLONE 20
			P MODIFIED 20 /bin/app <10
			PE 20/20 CLONE 0
		`)
	})
	t.Run("known to the host", func(t *testing.T) {
		s := withProcess(t)
		s.host[oidOf(20, 20)] = proc("/bin/other", 10)
		s.apply(unlink(20))
		s.fork(10, 20)
		s.expect(`
			P REUP 20 /bin/other <10
			FE 20/20 UNLINK /x -2
			PE 10/10 CLONE 20
			PE 20/20 CLONE 0
		`)
	})
	t.Run("known from the snapshot", func(t *testing.T) {
		s := withProcess(t)
		s.snapshot(20, "/bin/other", 10)
		s.fork(10, 20)
		s.expect(`
			PE 10/10 CLONE 20
			P CREATED 20 /bin/other <10
			PE 20/20 CLONE 0
		`)
	})
}

func TestExec(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/sh", 0)
	s.exec("/bin/a", "-x y", 0)
	s.exec("", "", -2)
	s.exec("/bin/b", "", 0)
	s.expect(`
		P CREATED 10 /bin/a -x y
		PE 10/10 EXEC 0
		P MODIFIED 10 /bin/a -x y
		PE 10/10 EXEC -2
		P MODIFIED 10 /bin/b
		PE 10/10 EXEC 0
	`)
}

func TestExecRefreshesEverything(t *testing.T) {
	var last *sysflow.Process
	s := newSystem(t)
	s.b.sink = func(rec sysflow.Record) {
		if p, ok := rec.(*sysflow.Process); ok {
			last = p
		}
	}
	s.snapshot(1, "/sbin/init", 0)
	s.snapshot(10, "/bin/sh", 1)
	s.exec("/bin/a", "", 0)
	s.apply(Event{Type: EventExec, PID: 10, Process: &ProcessInfo{
		Exe: "/bin/b", ExeArgs: "1 2", CWD: "/srv/", Env: []string{"A=1"}, UID: 0, GID: 7,
		TTY: true, Entry: true, ContainerID: "c010f5a08549",
	}})
	require.NotNil(t, last)
	assert.Equal(t, &sysflow.Process{
		State: sysflow.StateModified, OID: sysflow.OID{CreateTS: 10, HPID: 10},
		POID: &sysflow.OID{CreateTS: 1, HPID: 1}, TS: s.now,
		Exe: "/bin/b", ExeArgs: "1 2", CWD: "/srv/", Env: []string{"A=1"},
		UID: 0, UserName: "root", GID: 7, TTY: true, Entry: true, ContainerID: "c010f5a08549",
	}, last)
}

func TestExecOfUnknownProcess(t *testing.T) {
	s := newSystem(t)
	s.snapshot(1, "/sbin/init", 0)
	s.apply(Event{Type: EventExec, PID: 10, Process: proc("/bin/a", 1)})
	s.expect(`
		P REUP 1 /sbin/init
		P CREATED 10 /bin/a <1
		PE 10/10 EXEC 0
	`)
	stats := s.b.Stats()
	assert.EqualValues(t, 1, stats.UnknownProcesses)
	assert.Zero(t, stats.NamelessProcesses)
}

func TestUnknownProcess(t *testing.T) {
	t.Run("found on the host with its ancestors", func(t *testing.T) {
		s := newSystem(t)
		s.host[oidOf(10, 10)] = proc("/bin/a", 9)
		s.host[oidOf(9, 9)] = proc("/bin/sh", 8)
		s.apply(unlink(10))
		s.expect(`
			P REUP 9 /bin/sh <8
			P REUP 10 /bin/a <9
			F CREATED ? /x
			FE 10/10 UNLINK /x -2
		`)
		assert.EqualValues(t, 2, s.b.Stats().UnknownProcesses)
	})
	t.Run("gone", func(t *testing.T) {
		s := newSystem(t)
		s.exit(10, 1)
		s.expect(`
			P REUP 10
			PE 10/10 EXIT 1
		`)
		assert.EqualValues(t, 1, s.b.Stats().NamelessProcesses)
	})
	t.Run("completed by the snapshot", func(t *testing.T) {
		s := newSystem(t)
		s.apply(unlink(10))
		s.snapshot(10, "/bin/a", 0)
		s.apply(unlink(10))
		s.expect(`
			P REUP 10
			F CREATED ? /x
			FE 10/10 UNLINK /x -2
			P MODIFIED 10 /bin/a
			FE 10/10 UNLINK /x -2
		`)
	})
}

func TestParentsInACircle(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/a", 11)
	s.snapshot(11, "/bin/b", 10)
	s.apply(unlink(10))
	s.exit(10, 0)
	s.exit(11, 0)
	s.after(3e9)
	s.after(3e9)
	s.expect(`
		P REUP 10 /bin/a <11
		P REUP 11 /bin/b <10
		P REUP 10 /bin/a <11
		F CREATED ? /x
		FE 10/10 UNLINK /x -2
		PE 10/10 EXIT 0
		PE 11/11 EXIT 0
	`)
	assert.Equal(t, 2, s.b.Stats().Processes, "each keeps the other until there is no room")
}

func TestMissingParentIsLookedUpOnce(t *testing.T) {
	s := newSystem(t, func(c *Config) { c.MaxProcesses = 2 })
	s.snapshot(10, "/bin/a", 9)
	s.apply(unlink(10))
	s.host[oidOf(9, 9)] = proc("/bin/other", 0) // too late, or another process
	for range 3 {
		s.apply(Event{Type: EventSetuid, PID: 10, Process: &ProcessInfo{}})
	}
	assert.NotContains(t, s.lines, "P REUP 9 /bin/other")
}

func TestChildIsNotTheEntryOfTheContainer(t *testing.T) {
	var entries []bool
	s := newSystem(t)
	s.b.sink = func(rec sysflow.Record) {
		if p, ok := rec.(*sysflow.Process); ok {
			entries = append(entries, p.Entry)
		}
	}
	info := proc("/bin/sh", 0)
	info.Entry = true
	s.apply(Event{Type: EventSnapshot, PID: 10, Process: info})
	s.fork(10, 20)
	s.apply(Event{Type: EventFork, PID: 10, TID: 10, Ret: 30, Child: Child{PID: 30, TID: 30, CreateTS: 30, Entry: true}})
	assert.Equal(t, []bool{true, false, true}, entries, "the last one is the first of a namespace of its own")
}

func TestContainerOfTheChild(t *testing.T) {
	for _, test := range []struct {
		name  string
		child Child
		want  string
	}{
		{"its creator's", Child{PID: 20, CreateTS: 20}, "c010f5a08549"},
		{"one of its own", Child{PID: 20, CreateTS: 20, ContainerKnown: true, ContainerID: "0123456789ab"}, "0123456789ab"},
		{"none", Child{PID: 20, CreateTS: 20, ContainerKnown: true}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSystem(t)
			info := proc("/bin/sh", 0)
			info.ContainerID = "c010f5a08549"
			s.apply(Event{Type: EventSnapshot, PID: 10, Process: info})
			s.apply(Event{Type: EventFork, PID: 10, Ret: 20, Child: test.child})
			assert.Equal(t, test.want, s.b.pids[20].info.ContainerID)
			assert.Equal(t, test.want, s.b.pids[20].ctr.id)
		})
	}
}

func TestSetuid(t *testing.T) {
	s := newSystem(t)
	s.snapshot(10, "/bin/su", 0)
	s.apply(Event{Type: EventSetuid, PID: 10, SetuidTo: 0, Process: &ProcessInfo{UID: 0, GID: 0}})
	s.apply(Event{Type: EventSetuid, PID: 10, SetuidTo: 4711, Ret: -1, Process: &ProcessInfo{UID: 0, GID: 0}})
	s.expect(`
		P REUP 10 /bin/su
		PE 10/10 SETUID 0 root
		P MODIFIED 10 /bin/su
		PE 10/10 SETUID -1 4711
	`)
}

func TestCredsAreWrittenWithTheNextRecord(t *testing.T) {
	s := withProcess(t)
	creds := func(uid int32) {
		s.apply(Event{Type: EventCreds, PID: 10, Process: &ProcessInfo{UID: uid, GID: 1000}})
	}
	creds(0)
	creds(1000)
	s.apply(unlink(10))
	s.expect(`FE 10/10 UNLINK /x -2`)
	creds(0)
	s.expect("")
	s.apply(unlink(10))
	s.apply(unlink(10))
	s.expect(`
		P MODIFIED 10 /bin/app
		FE 10/10 UNLINK /x -2
		FE 10/10 UNLINK /x -2
	`)
}

func TestChdirIsWrittenWithTheNextChange(t *testing.T) {
	var cwd []string
	s := withProcess(t)
	s.b.sink = func(rec sysflow.Record) {
		if p, ok := rec.(*sysflow.Process); ok {
			cwd = append(cwd, p.CWD)
		}
	}
	s.apply(Event{Type: EventChdir, PID: 10, Process: &ProcessInfo{CWD: "/srv"}})
	s.apply(unlink(10))
	assert.Empty(t, cwd)
	s.apply(Event{Type: EventSetuid, PID: 10, Process: &ProcessInfo{UID: 1000, GID: 1000}})
	s.fork(10, 20)
	assert.Equal(t, []string{"/srv/", "/srv/"}, cwd)
}

func TestPIDReuse(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.apply(Event{Type: EventExec, PID: 10, CreateTS: 99, Process: proc("/bin/new", 0)})
	s.apply(Event{Type: EventFlowStart, PID: 10, CreateTS: 98, Flow: Key{ID: 6}, Path: "/b"})
	s.apply(unlink(10)) // late, from the first process
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 1-2
		P CREATED 10 /bin/new
		PE 10/10 EXEC 0
		FE 10/10 UNLINK /x -2
	`)
	assert.EqualValues(t, 1, s.b.Stats().MissedExits)
	s.after(3e9)
	assert.Equal(t, 1, s.b.Stats().Processes)
	assert.Zero(t, s.b.Stats().Flows)
	s.apply(Event{Type: EventName, PID: 10, CreateTS: 99, Op: sysflow.OpUnlink, Path: "/x"})
	assert.Equal(t, "FE 10/10 UNLINK /x 0", s.lines[len(s.lines)-1])
}

func TestExitedProcessesLeaveTheTable(t *testing.T) {
	s := newSystem(t)
	s.snapshot(1, "/sbin/init", 0)
	s.snapshot(10, "/bin/sh", 1)
	s.fork(10, 20)
	s.fork(20, 30)
	s.exit(10, 0)
	s.exit(20, 0)
	s.after(5e9)
	assert.Equal(t, 4, s.b.Stats().Processes, "ancestors stay for their child")
	s.exit(30, 0)
	s.after(900e6)
	assert.Equal(t, 4, s.b.Stats().Processes)
	s.after(200e6)
	assert.Equal(t, 1, s.b.Stats().Processes)
	s.apply(unlink(1))
	assert.Len(t, s.b.containers, 1)
}

func TestReconcile(t *testing.T) {
	s := withProcess(t)
	s.snapshot(1, "/sbin/init", 0)
	s.open(10, 5, "/a", flagsLib)
	var ids []sysflow.OID
	for id := range s.b.Processes() {
		ids = append(ids, id)
	}
	assert.Equal(t, []sysflow.OID{oidOf(1, 1), oidOf(10, 10)}, ids)
	for id := range s.b.Processes() {
		assert.Equal(t, oidOf(1, 1), id)
		break
	}

	alive := func(pid int32, createTS int64) bool { return pid == 1 && createTS == 1 }
	assert.Equal(t, 1, s.b.Reconcile(alive, s.now+5e6))
	assert.Zero(t, s.b.Reconcile(alive, s.now+6e6))
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 2-7
	`)
	s.after(2e9)
	assert.Equal(t, 1, s.b.Stats().Processes)
	assert.EqualValues(t, 1, s.b.Stats().MissedExits)
}
