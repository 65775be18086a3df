package lineage

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func entity(t *testing.T, s *Stream, recs ...sysflow.Record) {
	t.Helper()
	for _, rec := range recs {
		_, ok := s.Observe(rec)
		require.False(t, ok, "an entity is no record")
	}
}

func observe(t *testing.T, s *Stream, rec sysflow.Record) *field.Record {
	t.Helper()
	r, ok := s.Observe(rec)
	require.True(t, ok)
	return r
}

func TestStreamFillsRecords(t *testing.T) {
	s := NewStream()
	p := proc(7, 1, "/bin/sh")
	oldPath := &sysflow.File{OID: sysflow.NewFOID("", "/a"), Path: "/a", Type: sysflow.FileRegular}
	newPath := &sysflow.File{OID: sysflow.NewFOID("", "/b"), Path: "/b", Type: sysflow.FileUnknown}
	entity(t, s, &sysflow.Header{Version: 5, Exporter: "node", IP: "192.0.2.1", Filename: "x.sf"}, &p, oldPath, newPath)

	r := observe(t, s, &sysflow.ProcessEvent{ProcOID: p.OID, TS: 1, TID: 8, OpFlags: sysflow.OpSetuid, Args: []string{"root"}, Ret: -1})
	assert.Equal(t, field.Record{
		Kind: sysflow.KindProcessEvent, Ops: sysflow.OpSetuid, TS: 1, TID: 8, Ret: -1, HasRet: true, Args: []string{"root"},
		FD: -1, Proto: sysflow.ProtoUnknown, Process: s.processes.Get(p.OID), Node: s.node,
	}, *r)
	assert.Equal(t, "/bin/sh", r.Process.Exe)
	assert.Equal(t, field.Node{Name: "node", IP: "192.0.2.1", SchemaVersion: 5, TraceFile: "x.sf"}, *r.Node)

	r = observe(t, s, &sysflow.FileEvent{ProcOID: p.OID, OpFlags: sysflow.OpRename, FileOID: oldPath.OID, NewFileOID: &newPath.OID})
	assert.Equal(t, "/a", r.File.Path)
	assert.Equal(t, sysflow.FileUnknown, r.NewFile.Type)
	assert.Equal(t, &newPath.OID, r.NewFile.OID)
	assert.True(t, r.HasRet)

	counters := sysflow.Counters{NumRRecvOps: 1, NumWSendBytes: 4}
	r = observe(t, s, &sysflow.FileFlow{ProcOID: p.OID, TS: 1, EndTS: 2, FileOID: oldPath.OID, FD: 5, OpenFlags: sysflow.OpenCreate, Counters: counters})
	assert.Equal(t, int64(2), r.EndTS)
	assert.Equal(t, int32(5), r.FD)
	assert.Equal(t, counters, r.Counters)
	assert.False(t, r.HasRet)
	assert.Empty(t, r.NewFile.Path, "nothing is left of the record before")

	r = observe(t, s, &sysflow.NetworkFlow{
		ProcOID: p.OID, SIP: netip.MustParseAddr("::1"), SPort: 1, DIP: netip.MustParseAddr("::2"), DPort: 2, Proto: 6, FD: 3,
	})
	assert.Equal(t, "::2", r.DIP.String())
	assert.Equal(t, int32(6), r.Proto)

	r = observe(t, s, &sysflow.NetworkEvent{
		ProcOID: p.OID, OpFlags: sysflow.OpDup, FD: 3, Args: []string{"oldfd=3"}, Origin: sysflow.OriginIOUring,
	})
	assert.Equal(t, int32(3), r.FD)
	assert.Equal(t, []string{"oldfd=3"}, r.Args)
	assert.Equal(t, sysflow.OriginIOUring, r.Origin)

	r = observe(t, s, &sysflow.FileEvent{ProcOID: p.OID, OpFlags: sysflow.OpOpen, FileOID: oldPath.OID, Ret: -2, Args: []string{"flags=O_WRONLY"}})
	assert.Equal(t, sysflow.OpenWriteOnly, r.OpenFlags)

	entity(t, s, &sysflow.Gap{Count: 1})

	r = observe(t, s, &sysflow.K8sEvent{ComponentKind: sysflow.K8sPods, Message: "{}"})
	assert.Nil(t, r.Process)
	assert.Equal(t, "{}", r.K8sMessage)
}

func TestUnknownThings(t *testing.T) {
	s := NewStream()
	r := observe(t, s, &sysflow.FileFlow{ProcOID: sysflow.OID{HPID: 1}, FileOID: sysflow.FOID{1}})
	assert.Nil(t, r.Process)
	assert.Empty(t, r.File.Path)
	assert.Equal(t, &field.Node{}, r.Node)
}

func TestContainerAndPodMayComeLater(t *testing.T) {
	s := NewStream()
	p := proc(7, 1, "/bin/sh")
	p.ContainerID = "c"
	entity(t, s, &sysflow.Header{}, &p)
	exit := &sysflow.ProcessEvent{ProcOID: p.OID, OpFlags: sysflow.OpExit}
	r := observe(t, s, exit)
	assert.Nil(t, r.Process.Container)
	before := r.Process.LineageVersion()

	entity(t, s, &sysflow.Container{ID: "c", Image: "nginx:1", PodID: "pod"})
	r = observe(t, s, exit)
	assert.Equal(t, "nginx:1", r.Process.Container.Image)
	assert.Nil(t, r.Process.Pod)
	assert.NotEqual(t, before, r.Process.LineageVersion())

	entity(t, s, &sysflow.Pod{ID: "pod", Name: "web"})
	before = r.Process.LineageVersion()
	r = observe(t, s, exit)
	assert.Equal(t, "web", r.Process.Pod.Name)
	assert.NotEqual(t, before, r.Process.LineageVersion())
	before = r.Process.LineageVersion()
	assert.Equal(t, before, observe(t, s, exit).Process.LineageVersion())
}

func TestHeaderBeginsATrace(t *testing.T) {
	s := NewStream()
	p := proc(7, 0, "/bin/sh")
	exit := &sysflow.ProcessEvent{ProcOID: p.OID, OpFlags: sysflow.OpExit}
	entity(t, s, &sysflow.Header{Exporter: "a"}, &p)
	assert.Equal(t, "a", observe(t, s, exit).Process.Node.Name)
	entity(t, s, &sysflow.Header{Exporter: "b"})
	r := observe(t, s, exit)
	assert.Nil(t, r.Process)
	assert.Equal(t, "b", r.Node.Name)
}

// What the stream finds is what a table of SysFlow finds.
func TestStreamAgreesWithTable(t *testing.T) {
	for seed := range uint64(10) {
		s, table := NewStream(), &sysflow.Table{}
		for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(seed, 1)), 2000) {
			if table.Put(rec) || rec.Kind() == sysflow.KindGap {
				entity(t, s, rec)
				continue
			}
			r := observe(t, s, rec)
			assert.Equal(t, rec.Kind(), r.Kind)
			if r.Process == nil {
				continue
			}
			want := table.Process(r.Process.OID)
			for p := r.Process; p != nil; p = p.Parent {
				require.True(t, want.Equal(&p.Process))
				want = table.Parent(want)
			}
			require.Nil(t, want, "the walk ends where the table's does")
			require.Equal(t, table.Container(r.Process.ContainerID), r.Process.Container)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	recs := sysflowtest.Records(rand.New(rand.NewPCG(1, 1)), 10_000)
	s := NewStream()
	b.ReportAllocs()
	events := 0
	for b.Loop() {
		for _, rec := range recs {
			if _, ok := s.Observe(rec); ok {
				events++
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(max(events, 1)), "ns/event")
}

func BenchmarkTablePut(b *testing.B) {
	table := NewTable(0)
	b.ReportAllocs()
	for pid := int64(1); b.Loop(); pid++ {
		table.Put(proc(pid, pid/2, "/bin/true"), nil, nil, nil)
	}
}
