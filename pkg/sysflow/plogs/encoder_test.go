package plogs

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestAddDropsRepetitions(t *testing.T) {
	recs := sysflowtest.Records(rand.New(rand.NewPCG(2, 2)), 1000)
	e := NewEncoder(EncoderOptions{})
	for _, rec := range recs {
		e.Add(rec)
	}
	e.Take()
	for _, rec := range recs {
		switch r := rec.(type) {
		case *sysflow.Pod:
			e.Add(new(*r))
		case *sysflow.Container:
			e.Add(new(*r))
		}
	}
	assert.Zero(t, e.Len())
	assert.Zero(t, e.Take().LogRecordCount())
}

func TestOneResourcePerVersionOfAProcess(t *testing.T) {
	oid := sysflow.OID{HPID: 7}
	exec := &sysflow.ProcessEvent{ProcOID: oid, OpFlags: sysflow.OpExec}
	steps := []struct {
		name      string
		rec       sysflow.Record
		resources int
	}{
		{"header", &sysflow.Header{Version: 5}, 1},
		{"described", &sysflow.Process{OID: oid, Exe: "/a", ContainerID: "c"}, 2},
		{"unchanged", nil, 2},
		{"exec", &sysflow.Process{OID: oid, Exe: "/b", ContainerID: "c"}, 3},
		{"another process", &sysflow.Process{OID: sysflow.OID{HPID: 8}}, 3},
		{"its container resolved", &sysflow.Container{ID: "c", PodID: "p"}, 4},
		{"another container", &sysflow.Container{ID: "d"}, 4},
		{"its pod resolved", &sysflow.Pod{ID: "p", Name: "web"}, 6}, // the pod has one of its own
		{"another pod", &sysflow.Pod{ID: "q"}, 7},
	}
	e := NewEncoder(EncoderOptions{})
	for i, s := range steps {
		if s.rec != nil {
			e.Add(s.rec)
		}
		if i > 0 {
			e.Add(exec)
		}
		require.Equal(t, s.resources, e.logs.ResourceLogs().Len(), s.name)
	}
}

func TestClock(t *testing.T) {
	var c clock
	assert.Equal(t, int64(0), c.next(0), "nothing known")
	assert.Equal(t, int64(100), c.next(100), "the first time known")
	assert.Equal(t, int64(101), c.next(50), "an entity travels now")
	assert.Equal(t, int64(200), c.tick(200))
	assert.Equal(t, int64(201), c.tick(200), "strictly increasing")
	assert.Equal(t, int64(202), c.tick(150), "within the skew")
	assert.Equal(t, int64(202-maxSkew), c.tick(202-maxSkew), "a clock that was set back")
	assert.Equal(t, int64(1<<63-1), c.tick(1<<63-1))
	assert.Equal(t, int64(-1<<63), c.tick(-1<<63))
}
