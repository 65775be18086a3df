package flow

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// quietSource has no open flows and knows nothing.
type quietSource struct{}

func (quietSource) Read(Key) (Totals, bool)                   { return Totals{}, false }
func (quietSource) Take(Key) (Totals, bool)                   { return Totals{}, false }
func (quietSource) UserName(string, int32) string             { return "" }
func (quietSource) GroupName(string, int32) string            { return "" }
func (quietSource) Process(int32, int64) (*ProcessInfo, bool) { return nil, false }
func (quietSource) IsListening(int32, uint16) bool            { return false }

// benchmarkPairs measures a start and an end of a flow, by 64 processes that take
// turns, while 10,000 other flows are open.
func benchmarkPairs(b *testing.B, prepare func(i int, e *Event)) {
	records := 0
	builder := NewBuilder(DefaultConfig(), quietSource{}, quietSource{}, func(sysflow.Record) { records++ })
	start := Event{Type: EventFlowStart, TS: t0}
	end := Event{Type: EventFlowEnd, Closed: true, Totals: Totals{
		OpFlags:  sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose,
		Counters: sysflow.Counters{NumRRecvOps: 1, NumRRecvBytes: 100},
	}}
	for i := range 10_000 {
		start.PID, start.CreateTS, start.Flow.ID = int32(i%64), 1, uint64(i)
		prepare(i, &start)
		builder.Apply(&start)
	}
	i := 10_000
	b.ReportAllocs()
	for b.Loop() {
		i++
		start.PID, start.Flow.ID, start.TS = int32(i%64), uint64(i), t0+int64(i)
		prepare(i, &start)
		builder.Apply(&start)
		end.PID, end.CreateTS, end.Flow.ID, end.TS = start.PID, 1, uint64(i), start.TS
		builder.Apply(&end)
	}
	if records == 0 {
		b.Fatal("nothing was written")
	}
}

func BenchmarkFileFlow(b *testing.B) {
	paths := make([]string, 1024)
	for i := range paths {
		paths[i] = fmt.Sprintf("/usr/lib/x86_64-linux-gnu/some/library-%d.so", i)
	}
	benchmarkPairs(b, func(i int, e *Event) {
		e.Path, e.FileType = paths[i%len(paths)], sysflow.FileRegular
	})
}

func BenchmarkFileFlowNewPath(b *testing.B) {
	benchmarkPairs(b, func(i int, e *Event) {
		e.Path, e.FileType = fmt.Sprintf("/tmp/build/object-%d.o", i), sysflow.FileRegular
	})
}

func BenchmarkNetworkFlow(b *testing.B) {
	local := netip.MustParseAddrPort("10.0.0.1:443")
	remote := netip.MustParseAddr("10.0.0.2")
	benchmarkPairs(b, func(i int, e *Event) {
		e.Socket = Socket{
			Local: local, Remote: netip.AddrPortFrom(remote, uint16(i)),
			Proto: sysflow.ProtoTCP, Role: RoleAcceptor,
		}
	})
}

func BenchmarkForkExecExit(b *testing.B) {
	builder := NewBuilder(DefaultConfig(), quietSource{}, quietSource{}, func(sysflow.Record) {})
	info := &ProcessInfo{Exe: "/usr/bin/true", ExeArgs: "a b c", CWD: "/home"}
	ts := t0
	b.ReportAllocs()
	for b.Loop() {
		ts += 1e6
		pid := int32(1000 + ts/1e6%30_000)
		builder.Apply(&Event{
			Type: EventFork, TS: ts, PID: 1, TID: 1, CreateTS: 1, Ret: pid,
			Child: Child{PID: pid, TID: pid, CreateTS: ts},
		})
		builder.Apply(&Event{Type: EventExec, TS: ts, PID: pid, TID: pid, CreateTS: ts, Process: info})
		builder.Apply(&Event{Type: EventExit, TS: ts, PID: pid, TID: pid, CreateTS: ts})
		builder.Advance(ts)
	}
}
