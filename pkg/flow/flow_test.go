package flow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// withProcess returns a system with process 10, of which something was written.
func withProcess(t *testing.T, change ...func(*Config)) *system {
	s := newSystem(t, change...)
	s.now = t0 - second
	s.snapshot(10, "/bin/app", 0)
	s.apply(Event{Type: EventName, PID: 10, Op: sysflow.OpUnlink, Path: "/x"})
	s.lines = nil
	s.now = t0
	return s
}

func TestFlowWithinFirstExportIsOneRecord(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.after(900 * time.Millisecond)
	s.expect("")
	s.do(5, opRead, 7, 8)
	s.close(10, 5)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|READ_RECV|CLOSE /a fd5 0x1001 1-902 r2/15
	`)
	assert.Zero(t, s.reads, "a short flow is not read")
	assert.Zero(t, s.b.Stats().Flows)
}

func TestFlowIsExportedByDeltas(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.do(5, opRead, 7)
	s.after(2 * time.Second)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|READ_RECV /a fd5 0x1001 1-1001 r1/7
	`)
	s.do(5, opRead, 1)
	s.do(5, opWrite, 10)
	s.after(30 * time.Second)
	s.expect(`FF 10/10 READ_RECV|WRITE_SEND /a fd5 0x1001 1001-31001 r1/1 w1/10`)
	s.after(30 * time.Second) // nothing happened
	s.do(5, opMmap)
	s.after(30 * time.Second)
	s.expect(`FF 10/10 MMAP /a fd5 0x1001 61001-91001`)
	s.do(5, opWrite, 0)
	s.close(10, 5)
	s.expect(`FF 10/10 WRITE_SEND|CLOSE /a fd5 0x1001 91001-92002 w1/0`)
	assert.Equal(t, 4, s.reads)
}

func TestFlowClosedWithNothingMoreToTell(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.after(2 * time.Second)
	s.lines = nil
	s.close(10, 5)
	s.expect(`FF 10/10 CLOSE /a fd5 0x1001 1001-2002`)
}

func TestLoneClose(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.totals[5] = &Totals{}
	s.close(10, 5)
	s.expect(`
		F REUP f /a
		FF 10/10 CLOSE /a fd5 0x1001 2-2
	`)
}

func TestIdleFlowIsCutOnce(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.after(60 * time.Second)
	s.lines = nil
	s.after(2 * time.Second)
	s.expect(`FF 10/10 TRUNCATE /a fd5 0x1001 31001-61001`)
	assert.Equal(t, 1, s.takes)
	assert.Empty(t, s.totals, "the source has forgotten the flow")
	assert.Zero(t, s.b.Stats().Flows)

	s.totals[6] = &Totals{}
	s.apply(Event{
		Type: EventFlowStart, PID: 10, Flow: Key{ID: 6, PID: 10, FD: 5}, Path: "/a",
		FileType: sysflow.FileRegular,
	})
	s.do(6, opRead, 1)
	s.close(10, 6)
	s.expect(`FF 10/10 READ_RECV|CLOSE /a fd5 0x0 62002-62003 r1/1`)
}

func TestFlowOverIdleTimeoutButActive(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.IdleTimeout = 45 * time.Second })
	s.open(10, 5, "/a", flagsLib)
	s.after(40 * time.Second)
	s.do(5, opRead, 1)
	s.after(60 * time.Second)
	s.lines = nil
	s.after(22 * time.Second) // idle since 61 s
	s.expect(`FF 10/10 TRUNCATE /a fd5 0x1001 91001-121001`)
}

func TestNoIdleTimeout(t *testing.T) {
	s := withProcess(t, func(c *Config) { c.IdleTimeout = 0 })
	s.open(10, 5, "/a", flagsLib)
	s.after(10 * time.Minute)
	s.lines = nil
	s.close(10, 5)
	s.expect(`FF 10/10 CLOSE /a fd5 0x1001 571001-600002`)
}

func TestDormantFlow(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", 0)
	s.totals[5] = &Totals{} // known from before the capture
	s.after(10 * time.Minute)
	s.expect("")
	assert.LessOrEqual(t, s.reads, 20)
	s.do(5, opRead, 3)
	s.after(30 * time.Second)
	s.expect(`
		F REUP f /a
		FF 10/10 READ_RECV /a fd5 0x0 571001-601001 r1/3
	`)
}

func TestDormantFlowLeavesNoRecord(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", 0)
	s.totals[5] = &Totals{}
	s.open(10, 6, "/b", sysflow.OpenCloexec)
	s.totals[6] = &Totals{}
	s.exec("/bin/other", "", 0)
	s.exit(10, 0)
	s.expect(`
		P MODIFIED 10 /bin/other
		PE 10/10 EXEC 0
		PE 10/10 EXIT 0
	`)
}

func TestCutByTheSource(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.end(10, 5, false)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 1-2
	`)
}

func TestEndStillToCome(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.hidden[5] = true
	s.after(5 * time.Second)
	s.expect("")
	s.do(5, opRead, 9)
	s.close(10, 5)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|READ_RECV|CLOSE /a fd5 0x1001 1-5002 r1/9
	`)
	assert.Zero(t, s.b.Stats().LostEnds)
}

func TestEndLost(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.after(5 * time.Second)
	s.hidden[5] = true
	s.open(10, 6, "/b", flagsLib)
	s.hidden[6] = true
	s.lines = nil
	s.after(12 * time.Second)
	s.expect(`
		F REUP f /b
		FF 10/10 TRUNCATE /b fd6 0x1001 5002-16002
	`)
	s.after(60 * time.Second)
	s.expect(`FF 10/10 TRUNCATE /a fd5 0x1001 1001-41002`)
	assert.EqualValues(t, 2, s.b.Stats().LostEnds)
	assert.Zero(t, s.b.Stats().Flows)
}

func TestEndWithoutStart(t *testing.T) {
	s := withProcess(t)
	end := Event{
		Type: EventFlowEnd, PID: 10, Flow: Key{ID: 7, FD: 3}, Closed: true,
		Totals: Totals{OpFlags: opRead, Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 2}},
	}
	s.apply(end)
	s.expect("")
	assert.EqualValues(t, 1, s.b.Stats().UnknownFlows)
	end.Path, end.FileType = "/a", sysflow.FileRegular
	s.apply(end)
	s.expect(`
		F REUP f /a
		FF 10/10 READ_RECV|CLOSE /a fd3 0x0 2-2 r1/2
	`)
}

func TestFlowsEndWithTheirProcess(t *testing.T) {
	s := withProcess(t)
	s.socket(10, 4, sysflow.OpConnect, tcp("10.0.0.1:40000", "10.0.0.2:80", RoleInitiator))
	s.open(10, 5, "/a", flagsLib)
	s.open(10, 6, "/b", flagsLib)
	s.apply(Event{Type: EventThread, PID: 10, Child: Child{PID: 10, TID: 11}})
	s.do(6, opWrite, 1)
	s.exit(10, 256)
	s.expect(`
		PF 10 CLONE 4-5 +1 -0 !0
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 2-5
		F REUP f /b
		FF 10/10 OPEN|WRITE_SEND|TRUNCATE /b fd6 0x1001 3-5 w1/1
		NF 10/10 CONNECT|TRUNCATE 10.0.0.1:40000->10.0.0.2:80 6 fd4 1-5
		PE 10/10 EXIT 256
	`)
}

func TestFlowEndOvertakenByExit(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.open(10, 6, "/b", flagsLib)
	s.hidden[5], s.hidden[6] = true, true
	s.exit(10, 0)
	s.close(10, 5)
	s.expect(`
		PE 10/10 EXIT 0
		F REUP f /a
		FF 10/10 OPEN|CLOSE /a fd5 0x1001 1-4
	`)
	s.after(2 * time.Second)
	s.expect(`
		F REUP f /b
		FF 10/10 TRUNCATE /b fd6 0x1001 2-1004
	`)
	assert.Zero(t, s.b.Stats().Flows)
	assert.Zero(t, s.b.Stats().Processes)
}

func TestCloseOnExec(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.open(10, 6, "/b", sysflow.OpenReadOnly)
	s.open(10, 7, "/c", flagsLib)
	s.hidden[7] = true
	s.exec("/bin/none", "", -2)
	s.lines = nil
	s.exec("/bin/other", "-v", 0)
	s.expect(`
		F REUP f /a
		FF 10/10 OPEN|CLOSE /a fd5 0x1001 1-5
		P MODIFIED 10 /bin/other -v
		PE 10/10 EXEC 0
	`)
	s.close(10, 6)
	s.close(10, 7)
	s.expect(`
		F REUP f /b
		FF 10/10 OPEN|CLOSE /b fd6 0x1 2-6
		F REUP f /c
		FF 10/10 OPEN|CLOSE /c fd7 0x1001 3-7
	`)
}

func TestClose(t *testing.T) {
	s := withProcess(t)
	s.open(10, 5, "/a", flagsLib)
	s.socket(10, 4, sysflow.OpConnect, tcp("10.0.0.1:40000", "10.0.0.2:80", RoleInitiator))
	s.apply(Event{Type: EventThreadExit, PID: 10, TID: 11})
	s.open(10, 6, "/dormant", flagsLib)
	s.totals[6] = &Totals{}
	s.b.Close(s.now + 1e6)
	s.expect(`
		NF 10/10 CONNECT|TRUNCATE 10.0.0.1:40000->10.0.0.2:80 6 fd4 2-5
		F REUP f /a
		FF 10/10 OPEN|TRUNCATE /a fd5 0x1001 1-5
		PF 10 EXIT|TRUNCATE 3-5 +0 -1 !0
	`)
	stats := s.b.Stats()
	assert.Zero(t, stats.Processes+stats.Files+stats.Flows)
	assert.EqualValues(t, 1, stats.Records[sysflow.KindNetworkFlow])
}

// reluctant is a source whose flow ends between Read and Take.
type reluctant struct{ *system }

func (reluctant) Take(Key) (Totals, bool) { return Totals{}, false }

func TestIdleFlowThatEndsMeanwhile(t *testing.T) {
	s := withProcess(t)
	s.b.meter = reluctant{s}
	s.open(10, 5, "/a", flagsLib)
	s.after(62 * time.Second)
	s.lines = nil
	s.do(5, opRead, 4)
	s.close(10, 5)
	s.expect(`FF 10/10 READ_RECV|CLOSE /a fd5 0x1001 31001-62002 r1/4`)
}
