package plogs

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// carriers are the ways that logs take between encoder and decoder.
var carriers = map[string]func(*testing.T, plog.Logs) plog.Logs{
	"memory": func(_ *testing.T, ld plog.Logs) plog.Logs { return ld },
	"proto": func(t *testing.T, ld plog.Logs) plog.Logs {
		buf, err := (&plog.ProtoMarshaler{}).MarshalLogs(ld)
		require.NoError(t, err)
		ld, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(buf)
		require.NoError(t, err)
		return ld
	},
	"json": func(t *testing.T, ld plog.Logs) plog.Logs {
		buf, err := (&plog.JSONMarshaler{}).MarshalLogs(ld)
		require.NoError(t, err)
		ld, err = (&plog.JSONUnmarshaler{}).UnmarshalLogs(buf)
		require.NoError(t, err)
		return ld
	},
}

var batchSizes = []int{1, 7, 1000, 1 << 30}

func TestRoundTripGenerated(t *testing.T) {
	for seed := range uint64(4) {
		recs := sysflowtest.Records(rand.New(rand.NewPCG(seed, 3)), 1500)
		testRoundTrip(t, fmt.Sprint("seed ", seed), recs)
		recs = sysflowtest.RecordsV6(rand.New(rand.NewPCG(seed, 4)), 1500)
		testRoundTrip(t, fmt.Sprint("version 6, seed ", seed), recs)
	}
}

func TestRoundTripTraces(t *testing.T) {
	for name, recs := range sharedTraces(t) {
		testRoundTrip(t, name, recs)
	}
}

// Traces replayed one after another put headers into the middle of batches, even
// the same header twice.
func TestRoundTripSeveralTraces(t *testing.T) {
	var recs []sysflow.Record
	for seed := range uint64(3) {
		recs = append(recs, sysflowtest.Records(rand.New(rand.NewPCG(seed, 5)), 300)...)
	}
	recs = append(recs, recs[:200]...)
	testRoundTrip(t, "generated", recs)

	recs = nil
	for _, trace := range sharedTraces(t) {
		recs = append(recs, trace[:min(len(trace), 500)]...)
	}
	testRoundTrip(t, "traces", recs)
}

func testRoundTrip(t *testing.T, name string, recs []sysflow.Record) {
	for _, size := range batchSizes {
		for carrier, carry := range carriers {
			if carrier == "json" && size != 1000 {
				continue // slow, and no different from the others
			}
			t.Run(fmt.Sprintf("%s/%d/%s", name, size, carrier), func(t *testing.T) {
				got := roundTrip(t, recs, size, carry)
				assertSameRecords(t, recs, got)
			})
		}
	}
}

// roundTrip encodes, carries, decodes and writes a stream.
func roundTrip(t *testing.T, recs []sysflow.Record, size int, carry func(*testing.T, plog.Logs) plog.Logs) []sysflow.Record {
	var out []sysflow.Record
	e, d, l := NewEncoder(EncoderOptions{}), NewDecoder(), NewLedger()
	take := func() {
		n := e.Len()
		ld := e.Take()
		require.Equal(t, n, ld.LogRecordCount())
		require.Zero(t, e.Len())
		require.NoError(t, d.Decode(carry(t, ld), func(o *Observation) error {
			return l.Write(o, func(rec sysflow.Record) error {
				out = append(out, sysflow.Clone(rec))
				return nil
			})
		}))
	}
	for _, rec := range recs {
		e.Add(rec)
		if e.Len() >= size {
			take()
		}
	}
	take()
	require.Zero(t, d.Skipped())
	require.Zero(t, d.Ignored())
	return out
}

func assertSameRecords(t *testing.T, want, got []sysflow.Record) {
	t.Helper()
	lost, extra := difference(want, got)
	require.Empty(t, lost, "records that did not arrive")
	require.Empty(t, extra, "records that were not sent")
	w, g := happened(want), happened(got)
	for i := range w {
		require.Equal(t, w[i], g[i], "event %d is out of order", i)
	}
	for problem := range unresolved(got) {
		assert.Contains(t, unresolved(want), problem, "a reference that the source resolves")
	}
}

// difference returns samples of what is only in want and of what is only in got.
func difference(want, got []sysflow.Record) (lost, extra []string) {
	count := make(map[string]int)
	for _, rec := range want {
		count[text(rec)]++
	}
	for _, rec := range got {
		count[text(rec)]--
	}
	for rec, n := range count {
		if n > 0 && len(lost) < 3 {
			lost = append(lost, rec)
		}
		if n < 0 && len(extra) < 3 {
			extra = append(extra, rec)
		}
	}
	return lost, extra
}

func happened(recs []sysflow.Record) []string {
	var out []string
	for _, rec := range recs {
		if !rec.Kind().IsEntity() {
			out = append(out, text(rec))
		}
	}
	return out
}

// text is a canonical form of a record, exact to the byte: pointers are followed, and
// empty lists and maps are nil.
func text(rec sysflow.Record) string {
	rec = sysflow.Clone(rec)
	var followed any
	switch r := rec.(type) {
	case *sysflow.Process:
		r = new(*r)
		rec = r
		r.Env = emptyIsNil(r.Env)
		var parent, details any
		if r.POID != nil {
			parent, r.POID = *r.POID, nil
		}
		if r.Details != nil {
			details, r.Details = *r.Details, nil
		}
		followed = fmt.Sprintf("%#v %#v", parent, details)
	case *sysflow.Container:
		c := *r
		c.Mounts = emptyIsNil(c.Mounts)
		if len(c.Labels) == 0 {
			c.Labels = nil
		}
		rec = &c
	case *sysflow.FileEvent:
		r.Args = emptyIsNil(r.Args)
		if r.NewFileOID != nil {
			followed, r.NewFileOID = *r.NewFileOID, nil
		}
	case *sysflow.NetworkFlow:
		followed = r.SIP.String() + " " + r.DIP.String()
		r.SIP, r.DIP = netip.Addr{}, netip.Addr{}
	case *sysflow.NetworkEvent:
		r.Args = emptyIsNil(r.Args)
		followed = r.SIP.String() + " " + r.DIP.String()
		r.SIP, r.DIP = netip.Addr{}, netip.Addr{}
	case *sysflow.ProcessEvent:
		r.Args = emptyIsNil(r.Args)
	case *sysflow.Pod:
		r = new(*r)
		rec = r
		r.HostIP, r.InternalIP, r.Services = emptyIsNil(r.HostIP), emptyIsNil(r.InternalIP), emptyIsNil(slices.Clone(r.Services))
		if len(r.Labels) == 0 {
			r.Labels = nil
		}
		if len(r.Selectors) == 0 {
			r.Selectors = nil
		}
		for i := range r.Services {
			s := &r.Services[i]
			s.PortList, s.ClusterIP = emptyIsNil(s.PortList), emptyIsNil(s.ClusterIP)
		}
	}
	return fmt.Sprintf("%#v %v", rec, followed)
}

func emptyIsNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// unresolved finds the references to entities that do not come before.
func unresolved(recs []sysflow.Record) map[string]bool {
	out := make(map[string]bool)
	var have sysflow.Table
	process := func(id sysflow.OID) {
		if have.Process(id) == nil {
			out["process "+id.String()] = true
		}
	}
	file := func(id sysflow.FOID) {
		if have.File(id) == nil {
			out["file "+id.String()] = true
		}
	}
	if len(recs) > 0 && recs[0].Kind() != sysflow.KindHeader {
		out["no header"] = true
	}
	for _, rec := range recs {
		switch r := rec.(type) {
		case *sysflow.Container:
			if r.PodID != "" && have.Pod(r.PodID) == nil {
				out["pod "+r.PodID] = true
			}
		case *sysflow.Process:
			if r.ContainerID != "" && have.Container(r.ContainerID) == nil {
				out["container "+r.ContainerID] = true
			}
			if r.POID != nil && have.Process(*r.POID) == nil {
				out["parent of "+r.OID.String()] = true
			}
		case *sysflow.ProcessEvent:
			process(r.ProcOID)
		case *sysflow.ProcessFlow:
			process(r.ProcOID)
		case *sysflow.NetworkFlow:
			process(r.ProcOID)
		case *sysflow.NetworkEvent:
			process(r.ProcOID)
		case *sysflow.FileFlow:
			process(r.ProcOID)
			file(r.FileOID)
		case *sysflow.FileEvent:
			process(r.ProcOID)
			file(r.FileOID)
			if r.NewFileOID != nil {
				file(*r.NewFileOID)
			}
		}
		have.Put(rec)
	}
	return out
}

// sharedTraces reads the traces recorded upstream, where they are present.
func sharedTraces(t *testing.T) map[string][]sysflow.Record {
	out := make(map[string][]sysflow.Record)
	for _, path := range sharedtest.Traces(t) {
		out[filepath.Base(path)] = sysflowtest.ReadFile(t, path)
	}
	return out
}
