package sysflowtest

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestRecordsAreDeterministic(t *testing.T) {
	a := Records(rand.New(rand.NewPCG(1, 2)), 500)
	b := Records(rand.New(rand.NewPCG(1, 2)), 500)
	require.Equal(t, a, b)
	require.NotEqual(t, a, Records(rand.New(rand.NewPCG(1, 3)), 500))
	require.Len(t, Records(rand.New(rand.NewPCG(1, 2)), 3), 3)
	require.Empty(t, Records(rand.New(rand.NewPCG(1, 2)), -1))
}

func TestFirstRecordsHoldEachKind(t *testing.T) {
	kinds := map[sysflow.Kind]int{}
	var v4, v6 int
	for _, r := range Records(rand.New(rand.NewPCG(7, 7)), 45) {
		kinds[r.Kind()]++
		if f, ok := r.(*sysflow.NetworkFlow); ok && f.SIP.Is4() {
			v4++
		} else if ok {
			v6++
		}
	}
	assert.Len(t, kinds, sysflow.NumKinds)
	assert.Positive(t, v4)
	assert.Positive(t, v6)
}

// TestRecordsAreValid checks the promises of the documentation for several seeds.
func TestRecordsAreValid(t *testing.T) {
	for seed := range uint64(10) {
		var table sysflow.Table
		last := int64(0)
		records := Records
		if seed%2 == 1 {
			records = RecordsV6
		}
		for i, r := range records(rand.New(rand.NewPCG(seed, 0)), 3000) {
			require.Equal(t, i == 0, r.Kind() == sysflow.KindHeader)
			if c, ok := r.(*sysflow.Container); ok && c.PodID != "" {
				require.NotNil(t, table.Pod(c.PodID))
			}
			if f, ok := r.(*sysflow.File); ok {
				require.Equal(t, sysflow.NewFOID(f.ContainerID, f.Path), f.OID)
			}
			if p, ok := r.(*sysflow.Process); ok {
				if p.POID != nil {
					require.NotNil(t, table.Parent(p))
				}
				if p.ContainerID != "" {
					require.NotNil(t, table.Container(p.ContainerID))
				}
			}
			if table.Put(r) {
				continue
			}
			at := checkEvent(t, &table, r)
			require.Greater(t, at, last)
			last = at
		}
	}
}

// checkEvent checks one event or flow and returns when it was written.
func checkEvent(t *testing.T, table *sysflow.Table, r sysflow.Record) int64 {
	t.Helper()
	process := func(oid sysflow.OID) { require.NotNil(t, table.Process(oid)) }
	switch r := r.(type) {
	case *sysflow.ProcessEvent:
		process(r.ProcOID)
		require.Len(t, r.OpFlags.Names(), 1)
		return r.TS
	case *sysflow.FileEvent:
		process(r.ProcOID)
		require.NotNil(t, table.File(r.FileOID))
		require.Len(t, r.OpFlags.Names(), 1)
		if r.NewFileOID != nil {
			require.NotNil(t, table.File(*r.NewFileOID))
		}
		return r.TS
	case *sysflow.NetworkEvent:
		process(r.ProcOID)
		require.Len(t, r.OpFlags.Names(), 1)
		return r.TS
	case *sysflow.FileFlow:
		process(r.ProcOID)
		require.NotNil(t, table.File(r.FileOID))
		require.NotZero(t, r.OpFlags&^sysflow.OpTruncate)
		return r.EndTS
	case *sysflow.NetworkFlow:
		process(r.ProcOID)
		require.NotZero(t, r.OpFlags&^sysflow.OpTruncate)
		return r.EndTS
	case *sysflow.ProcessFlow:
		process(r.ProcOID)
		return r.EndTS
	case *sysflow.Gap:
		require.LessOrEqual(t, r.TS, r.EndTS)
		return r.EndTS
	default:
		return r.(*sysflow.K8sEvent).TS
	}
}

// TestVersions: what version 6 adds is in its records only.
func TestVersions(t *testing.T) {
	const old = sysflow.OpRename<<1 - 1
	for _, r := range Records(rand.New(rand.NewPCG(5, 0)), 3000) {
		switch r := r.(type) {
		case *sysflow.Process:
			require.Nil(t, r.Details)
		case *sysflow.Container:
			require.True(t, r.Equal(&sysflow.Container{
				ID: r.ID, Name: r.Name, Image: r.Image, ImageID: r.ImageID, Type: r.Type, Privileged: r.Privileged, PodID: r.PodID,
			}))
		case *sysflow.ProcessEvent:
			require.Zero(t, r.OpFlags&^old)
		case *sysflow.FileEvent:
			require.Zero(t, r.OpFlags&^old)
			require.Nil(t, r.Args)
			require.Zero(t, r.Origin)
		case *sysflow.NetworkEvent:
			require.Zero(t, r.OpFlags&^old)
			require.Equal(t, sysflow.UnknownFD, r.FD)
		}
	}
	var details, labels, ops int
	for _, r := range RecordsV6(rand.New(rand.NewPCG(5, 0)), 3000) {
		switch r := r.(type) {
		case *sysflow.Process:
			if r.Details != nil {
				details++
			}
		case *sysflow.Container:
			labels += len(r.Labels)
		case *sysflow.FileEvent:
			if r.OpFlags&^old != 0 {
				ops++
			}
		}
	}
	assert.Positive(t, details)
	assert.Positive(t, labels)
	assert.Positive(t, ops)
}
