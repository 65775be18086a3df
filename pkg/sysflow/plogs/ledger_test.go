package plogs

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

var errDisk = errors.New("disk full")

// observations encodes and decodes a stream and keeps what the decoder reuses.
func observations(t *testing.T, recs []sysflow.Record) []*Observation {
	e := NewEncoder(EncoderOptions{})
	for _, rec := range recs {
		e.Add(rec)
	}
	var out []*Observation
	require.NoError(t, NewDecoder().Decode(e.Take(), func(o *Observation) error {
		kept := *o
		if o.Event != nil {
			kept.Event = sysflow.Clone(o.Event)
		}
		out = append(out, &kept)
		return nil
	}))
	return out
}

func TestLedgerFilesAreSelfContained(t *testing.T) {
	recs := sysflowtest.Records(rand.New(rand.NewPCG(1, 1)), 3000)
	files := [][]sysflow.Record{nil}
	l := NewLedger()
	for i, o := range observations(t, recs) {
		if i%100 == 99 {
			l.NewFile()
			files = append(files, nil)
		}
		require.NoError(t, l.Write(o, func(rec sysflow.Record) error {
			files[len(files)-1] = append(files[len(files)-1], sysflow.Clone(rec))
			return nil
		}))
	}
	require.Greater(t, len(files), 10)
	var all []sysflow.Record
	for i, file := range files {
		assert.Empty(t, unresolved(file), "file %d", i)
		all = append(all, file...)
	}
	assert.Equal(t, happened(recs), happened(all))
	assertOnceAsIs(t, recs, all)
}

// assertOnceAsIs checks that every process and file keeps its state in the first file
// that holds it, and comes as REUP in the others.
func assertOnceAsIs(t *testing.T, want, got []sysflow.Record) {
	state := func(rec sysflow.Record) *sysflow.ObjectState {
		switch r := rec.(type) {
		case *sysflow.Process:
			return &r.State
		case *sysflow.File:
			return &r.State
		}
		return nil
	}
	seen := make(map[string]bool)
	for _, rec := range got {
		seen[text(rec)] = true
	}
	source := make(map[string]bool)
	for _, rec := range want {
		if state(rec) == nil {
			continue
		}
		assert.True(t, seen[text(rec)], "lost: %s", text(rec))
		source[text(rec)] = true
		if s, ok := rec.(*sysflow.Process); ok {
			again := *s
			again.State = sysflow.StateReup
			source[text(&again)] = true
		} else {
			again := *rec.(*sysflow.File)
			again.State = sysflow.StateReup
			source[text(&again)] = true
		}
	}
	for _, rec := range got {
		if state(rec) != nil {
			assert.True(t, source[text(rec)], "invented: %s", text(rec))
		}
	}
}

func TestLedgerWritesOnlyWhatIsNew(t *testing.T) {
	p := &sysflow.Process{State: sysflow.StateCreated, OID: sysflow.OID{CreateTS: 1, HPID: 2}, Exe: "/bin/a", Env: []string{"A=1"}}
	exec := *p
	exec.State, exec.Exe, exec.TS = sysflow.StateModified, "/bin/b", 9
	f := &sysflow.File{State: sysflow.StateCreated, Path: "/x", Type: sysflow.FileRegular}
	h := &sysflow.Header{Version: 5, Exporter: "n"}
	event := &sysflow.FileFlow{ProcOID: p.OID}
	steps := []struct {
		name string
		o    Observation
		file bool
		want []string
	}{
		{"first", Observation{Header: h, Process: p, File: f, Event: event}, false, []string{"H", "P CREATED", "F CREATED", "FF"}},
		{"again", Observation{Header: h, Process: new(*p), File: new(*f), Event: event}, false, []string{"FF"}},
		{"changed", Observation{Header: h, Process: &exec, File: f, Event: event}, false, []string{"P MODIFIED", "FF"}},
		{"new file", Observation{Header: h, Process: &exec, File: f, Event: event}, true, []string{"H", "P REUP", "F REUP", "FF"}},
		{"no header", Observation{Process: &exec, Event: event}, true, []string{"H", "P REUP", "FF"}},
		{"entity only", Observation{Header: h, File: &sysflow.File{State: sysflow.StateReup, Path: "/y", OID: sysflow.FOID{1}}}, false, []string{"F REUP"}},
		{"same header again", Observation{Header: new(*h)}, false, []string{"H"}},
		{"new trace", Observation{Header: h, Process: p, Event: event}, false, []string{"P CREATED", "FF"}},
		{"other host", Observation{Header: &sysflow.Header{Exporter: "m"}, Process: p, Event: event}, false, []string{"H", "P CREATED", "FF"}},
	}
	l := NewLedger()
	for _, s := range steps {
		if s.file {
			l.NewFile()
		}
		assert.Equal(t, s.want, writes(t, l, &s.o), s.name)
	}
}

// writes returns the kinds and states of the records that an observation leads to.
func writes(t *testing.T, l *Ledger, o *Observation) []string {
	var out []string
	require.NoError(t, l.Write(o, func(rec sysflow.Record) error {
		s := rec.Kind().String()
		switch r := rec.(type) {
		case *sysflow.Process:
			s += " " + r.State.String()
		case *sysflow.File:
			s += " " + r.State.String()
		}
		out = append(out, s)
		return nil
	}))
	return out
}

func TestLedgerWritesAncestorsRootFirst(t *testing.T) {
	oid := func(pid int64) *sysflow.OID { return &sysflow.OID{HPID: pid} }
	c := &sysflow.Container{ID: "c", PodID: "pod"}
	pod := &sysflow.Pod{ID: "pod"}
	root := &sysflow.Process{OID: *oid(1)}
	mid := &sysflow.Process{OID: *oid(2), POID: oid(1), ContainerID: "c"}
	leaf := &sysflow.Process{OID: *oid(3), POID: oid(2)}
	l := NewLedger()
	writes(t, l, &Observation{Process: root})
	writes(t, l, &Observation{Process: mid, Container: c, Pod: pod})
	writes(t, l, &Observation{Process: leaf})
	l.NewFile()
	var got []sysflow.Record
	require.NoError(t, l.Write(&Observation{Process: leaf}, func(rec sysflow.Record) error {
		got = append(got, rec)
		return nil
	}))
	require.Len(t, got, 6)
	assert.Equal(t, sysflow.KindHeader, got[0].Kind())
	assert.Equal(t, int64(1), got[1].(*sysflow.Process).OID.HPID)
	assert.Same(t, pod, got[2])
	assert.Same(t, c, got[3])
	assert.Equal(t, int64(2), got[4].(*sysflow.Process).OID.HPID)
	assert.Equal(t, int64(3), got[5].(*sysflow.Process).OID.HPID)
}

func TestLedgerEndsInCyclesOfParents(t *testing.T) {
	a := &sysflow.Process{OID: sysflow.OID{HPID: 1}, POID: &sysflow.OID{HPID: 2}}
	b := &sysflow.Process{OID: sysflow.OID{HPID: 2}, POID: &sysflow.OID{HPID: 1}}
	self := &sysflow.Process{OID: sysflow.OID{HPID: 3}, POID: &sysflow.OID{HPID: 3}}
	l := NewLedger()
	for range 2 {
		for _, p := range []*sysflow.Process{a, b, self} {
			writes(t, l, &Observation{Process: p})
		}
		l.NewFile()
	}
	e := NewEncoder(EncoderOptions{})
	for _, p := range []*sysflow.Process{a, b, self} {
		e.Add(p)
	}
	e.Add(&sysflow.ProcessEvent{ProcOID: b.OID})
	assert.Equal(t, 3, e.Take().LogRecordCount())
}

func TestLedgerRepeatsWhatFailed(t *testing.T) {
	recs := sysflowtest.Records(rand.New(rand.NewPCG(4, 1)), 400)
	obs := observations(t, recs)
	rng := rand.New(rand.NewPCG(1, 9))
	l := NewLedger()
	var got []sysflow.Record
	for _, o := range obs {
		for {
			err := l.Write(o, func(rec sysflow.Record) error {
				if rng.IntN(3) == 0 {
					return errDisk
				}
				got = append(got, sysflow.Clone(rec))
				return nil
			})
			if err == nil {
				break
			}
			require.ErrorIs(t, err, errDisk)
		}
	}
	assertSameRecords(t, recs, got)
}

func TestLedgerForgetsExitedProcesses(t *testing.T) {
	l := NewLedger()
	parent := &sysflow.Process{OID: sysflow.OID{HPID: 1}}
	child := &sysflow.Process{OID: sysflow.OID{HPID: 2}, POID: &parent.OID}
	exit := func(p *sysflow.Process) {
		writes(t, l, &Observation{Process: p, Event: &sysflow.ProcessEvent{ProcOID: p.OID, TID: p.OID.HPID, OpFlags: sysflow.OpExit}})
	}
	thread := &sysflow.ProcessEvent{ProcOID: child.OID, TID: 99, OpFlags: sysflow.OpExit}

	exit(parent)
	writes(t, l, &Observation{Process: child, Event: thread})
	l.NewFile()
	assert.Equal(t, 2, l.processes.Len(), "the child lives, so its parent is kept")

	exit(child)
	l.NewFile()
	assert.Zero(t, l.processes.Len(), "the whole branch has exited")
}

func TestLedgerForgetsUnusedFiles(t *testing.T) {
	l := NewLedger()
	writes(t, l, &Observation{File: &sysflow.File{OID: sysflow.FOID{1}}})
	for range 2 {
		l.NewFile()
		assert.Equal(t, 1, l.files.Len())
	}
	l.NewFile()
	assert.Zero(t, l.files.Len(), "two trace files did not need it")
}
