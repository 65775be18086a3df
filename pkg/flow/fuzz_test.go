package flow

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// world feeds a builder with what bytes tell it to, and checks every record.
type world struct {
	*system
	rest   []byte
	age    map[int32]int64 // current createTS by pid
	flows  map[uint64]*seenFlow
	nextID uint64

	procs map[sysflow.OID]bool
	files map[sysflow.FOID]bool
}

// seenFlow is what a flow did and what was written about it.
type seenFlow struct {
	did, written sysflow.Counters
	// used: it did anything; late: the event of its end was held back.
	used, late bool
	records    int
	last       sysflow.OpFlags
	endTS      int64
	ended      bool
}

func newWorld(t *testing.T, data []byte) *world {
	w := &world{
		system: newSystem(t, func(c *Config) { c.MaxProcesses, c.MaxFiles = 6, 5 }),
		rest:   data,
		age:    map[int32]int64{},
		flows:  map[uint64]*seenFlow{},
		procs:  map[sysflow.OID]bool{},
		files:  map[sysflow.FOID]bool{},
	}
	if w.number(2) == 0 {
		w.b.cfg.ThreadEvents = true
	}
	w.b.sink = w.check
	return w
}

func (w *world) number(n int) int {
	if len(w.rest) == 0 {
		return 0
	}
	v := int(w.rest[0]) % n
	w.rest = w.rest[1:]
	return v
}

func (w *world) run() {
	for len(w.rest) > 0 {
		w.step()
		w.checkTables()
	}
	w.b.Close(w.now + 1)
	for id, f := range w.flows {
		w.checkFlow(id, f)
	}
	stats := w.b.Stats()
	assert.Zero(w.t, stats.Processes+stats.Files+stats.Flows)
}

func (w *world) step() {
	pid := int32(1 + w.number(8))
	e := Event{PID: pid, CreateTS: w.age[pid], TS: w.now - int64(w.number(3))}
	switch w.number(14) {
	case 0:
		e.Type, e.Process = EventSnapshot, w.info()
	case 1:
		child := int32(1 + w.number(8))
		w.age[child]++
		e.Type, e.Ret = EventFork, child
		e.Child = Child{PID: child, TID: child, CreateTS: w.age[child]}
	case 2:
		e.Type, e.Child.TID = EventThread, pid+100
	case 3:
		e.Type, e.Ret = EventCloneFailed, -11
	case 4:
		e.Type, e.Process = EventExec, w.info()
	case 5:
		e.Type = EventExit
	case 6:
		e.Type, e.Process = EventSetuid, w.info()
	case 7:
		e.Type, e.Process = EventCreds, w.info()
	case 8:
		e.Type, e.Op, e.Path, e.NewPath = EventName, sysflow.OpRename, w.path(), w.path()
	case 9, 10:
		w.start(e)
		return
	case 11:
		w.operate()
		return
	case 12:
		w.stop(e)
		return
	case 13:
		w.after(time.Duration(1+w.number(50)) * time.Second)
		return
	}
	w.apply(e)
}

func (w *world) info() *ProcessInfo {
	info := proc(fmt.Sprint("/bin/", w.number(3)), int32(w.number(9)))
	info.ParentCreateTS = w.age[info.ParentPID]
	info.UID = int32(w.number(3))
	info.ContainerID = []string{"", "c010f5a08549"}[w.number(2)]
	return info
}

func (w *world) path() string { return fmt.Sprint("/", w.number(12)) }

// start opens a flow whose descriptor tells its id.
func (w *world) start(e Event) {
	w.nextID++
	e.Type, e.Flow = EventFlowStart, Key{ID: w.nextID, PID: e.PID, FD: int32(w.nextID)}
	f := &seenFlow{}
	w.flows[w.nextID] = f
	w.totals[w.nextID] = &Totals{}
	switch w.number(4) {
	case 0:
		e.Socket = tcp("10.0.0.1:4000", "10.0.0.2:80", Role(w.number(3)))
	case 1:
		e.OpenFlags = sysflow.OpenCloexec
		fallthrough
	default:
		e.Path, e.FileType = w.path(), sysflow.FileRegular
	}
	if w.number(3) > 0 {
		w.totals[w.nextID].OpFlags = sysflow.OpOpen
		f.used = true
	}
	w.apply(e)
}

// some returns a flow that the source has.
func (w *world) some() (uint64, bool) {
	if w.nextID == 0 {
		return 0, false
	}
	id := 1 + uint64(w.number(int(w.nextID)))
	return id, w.totals[id] != nil && !w.hidden[id]
}

func (w *world) operate() {
	id, ok := w.some()
	if !ok {
		return
	}
	op := []sysflow.OpFlags{opRead, opWrite, opMmap}[w.number(3)]
	if op == opMmap {
		w.do(id, op)
	} else {
		w.do(id, op, int64(w.number(100)))
	}
	w.flows[id].did, w.flows[id].used = w.totals[id].Counters, true
}

// stop ends a flow, whose event may be late or lost.
func (w *world) stop(e Event) {
	id, ok := w.some()
	switch {
	case !ok && w.hidden[id]:
		delete(w.hidden, id)
		w.end(e.PID, id, true)
	case !ok:
	case w.number(4) == 0:
		w.hidden[id], w.flows[id].late = true, true
	default:
		w.end(e.PID, id, w.number(2) == 0)
	}
}

func (w *world) check(rec sysflow.Record) {
	switch r := rec.(type) {
	case *sysflow.Process:
		w.procs[r.OID] = true
	case *sysflow.File:
		w.files[r.OID] = true
	case *sysflow.ProcessEvent:
		w.checkEvent(r.ProcOID, r.OpFlags)
	case *sysflow.FileEvent:
		w.checkEvent(r.ProcOID, r.OpFlags)
		assert.True(w.t, w.files[r.FileOID] && w.files[*r.NewFileOID], "file is written before its event")
	case *sysflow.ProcessFlow:
		assert.True(w.t, w.procs[r.ProcOID])
		assert.NotZero(w.t, r.NumThreadsCloned+r.NumThreadsExited+r.NumCloneErrors)
		assert.LessOrEqual(w.t, r.TS, r.EndTS)
	case *sysflow.FileFlow:
		assert.True(w.t, w.files[r.FileOID], "file is written before its flow")
		w.addFlow(r.ProcOID, r.FD, r.OpFlags, r.TS, r.EndTS, r.Counters)
	case *sysflow.NetworkFlow:
		w.addFlow(r.ProcOID, r.FD, r.OpFlags, r.TS, r.EndTS, r.Counters)
	}
}

func (w *world) checkEvent(id sysflow.OID, op sysflow.OpFlags) {
	assert.True(w.t, w.procs[id], "process is written before its event")
	assert.Len(w.t, op.Names(), 1)
}

func (w *world) addFlow(id sysflow.OID, fd int32, op sysflow.OpFlags, ts, endTS int64, c sysflow.Counters) {
	f := w.flows[uint64(fd)]
	assert.True(w.t, w.procs[id], "process is written before its flow")
	assert.NotZero(w.t, op)
	assert.False(w.t, f.ended, "nothing follows the last record")
	assert.LessOrEqual(w.t, ts, endTS)
	if f.records > 0 && endTS >= f.endTS { // else the event of the end is older than the last look
		assert.True(w.t, f.endTS <= ts || op&endMarks != 0, "records of a flow do not overlap")
	}
	f.records++
	f.endTS = endTS
	f.ended, f.last = op&endMarks != 0, op
	f.written.NumRRecvOps += c.NumRRecvOps
	f.written.NumWSendOps += c.NumWSendOps
	f.written.NumRRecvBytes += c.NumRRecvBytes
	f.written.NumWSendBytes += c.NumWSendBytes
	for _, n := range []int64{c.NumRRecvOps, c.NumWSendOps, c.NumRRecvBytes, c.NumWSendBytes} {
		assert.GreaterOrEqual(w.t, n, int64(0))
	}
}

func (w *world) checkFlow(id uint64, f *seenFlow) {
	assert.Equal(w.t, f.records > 0, f.ended, "flow %d: one last record if any", id)
	if f.used {
		assert.NotZero(w.t, f.records, "flow %d", id)
	}
	if lost := f.late && f.last&sysflow.OpTruncate != 0; !lost {
		assert.Equal(w.t, f.did, f.written, "flow %d", id)
	}
}

// checkTables compares what the builder counts with what there is.
func (w *world) checkTables() {
	b := w.b
	require.LessOrEqual(w.t, len(b.procs), b.cfg.MaxProcesses)
	require.LessOrEqual(w.t, b.unused.len, b.cfg.MaxFiles+1)
	require.Equal(w.t, len(b.procs), b.live.len+b.exited.len+b.held.len)
	require.Equal(w.t, len(b.pids), b.live.len)

	children := map[*process]int{}
	flows, files, users := 0, 0, map[*container]int{}
	for id, p := range b.procs {
		require.Equal(w.t, id, p.oid)
		require.False(w.t, p.gone)
		children[p.parent]++
		users[p.ctr]++
		flows += p.fileFlows.len + p.networkFlows.len
	}
	for _, p := range b.procs {
		require.Equal(w.t, children[p], p.children, "process %v", p.oid)
	}
	open := map[*file]int{}
	for _, f := range b.flows {
		open[f.file]++
	}
	require.Equal(w.t, len(b.flows), flows)
	require.Equal(w.t, len(b.flows), b.fresh.len+b.aged.len+b.awaited.len)
	for _, c := range b.containers {
		files += len(c.files)
		require.Equal(w.t, users[c]+len(c.files), c.users)
		for path, f := range c.files {
			require.Equal(w.t, open[f], f.flows, path)
			require.Equal(w.t, f.flows == 0, f.unused.in == &b.unused, path)
		}
	}
	require.Equal(w.t, b.numFiles, files)
}

func TestRandomWorlds(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		data := make([]byte, 1500)
		for i := range data {
			data[i] = byte(rnd.Uint32())
		}
		newWorld(t, data).run()
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzBuilder(f *testing.F) {
	f.Add([]byte("open, read, close; fork, exec, exit"))
	f.Add([]byte{0, 1, 0, 9, 2, 2, 1, 0, 11, 0, 1, 1, 0, 13, 49, 1, 0, 12, 0, 1, 1, 1, 0, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		newWorld(t, data).run()
	})
}
