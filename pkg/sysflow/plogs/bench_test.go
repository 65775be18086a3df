//go:build unix

package plogs

import (
	"math/rand/v2"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const benchBatch = 8192

// perRecord makes a benchmark report the rate of records, and the processor time of
// one record with all its garbage collection, which does not depend on what else the
// machine does.
func perRecord(b *testing.B) (report func()) {
	b.ReportAllocs()
	before := cpuTime(b)
	return func() {
		n := float64(benchBatch) * float64(b.N)
		b.ReportMetric(n/b.Elapsed().Seconds(), "records/s")
		b.ReportMetric(float64(cpuTime(b)-before)/n, "cpu-ns/record")
	}
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBarePdata builds a batch of log records with twelve attributes each by
// nothing but the public pdata API: the floor that the encoder is measured against.
func BenchmarkBarePdata(b *testing.B) {
	keys := [12]string{
		"sysflow.type", "sysflow.op_flags", "sysflow.end_ts", "thread.id", "file.path", "sysflow.file.type",
		"sysflow.file.open_flags", "sysflow.fd", "sysflow.flow.read_ops", "sysflow.flow.read_bytes",
		"sysflow.flow.write_ops", "sysflow.flow.write_bytes",
	}
	report := perRecord(b)
	for b.Loop() {
		ld := plog.NewLogs()
		records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		records.EnsureCapacity(benchBatch)
		for i := range int64(benchBatch) {
			lr := records.AppendEmpty()
			lr.SetTimestamp(1)
			lr.SetEventName("sysflow.file.flow")
			m := lr.Attributes()
			m.EnsureCapacity(len(keys))
			for k, key := range keys {
				switch k {
				case 0, 4, 5:
					m.PutStr(key, "a text")
				default:
					m.PutInt(key, i)
				}
			}
		}
	}
	report()
}

// benchFlows is a batch as a busy host yields it: file flows of 60 processes that
// read or write, one after the other.
func benchFlows() []sysflow.Record {
	rng := rand.New(rand.NewPCG(1, 2))
	out := []sysflow.Record{&sysflow.Header{Version: sysflow.SchemaVersion, Exporter: "node-1"}}
	var procs []*sysflow.Process
	for i := range int64(60) {
		p := &sysflow.Process{OID: sysflow.OID{CreateTS: 1_700_000_000_000_000_000 + i, HPID: i}, Exe: "/usr/sbin/nginx", ExeArgs: "-g daemon off;"}
		procs = append(procs, p)
		out = append(out, p)
	}
	var files []*sysflow.File
	for i := range 500 {
		f := &sysflow.File{State: sysflow.StateReup, Type: sysflow.FileRegular, Path: "/srv/www/static/page-" + strconv.Itoa(i) + ".html"}
		f.OID = sysflow.NewFOID("", f.Path)
		files = append(files, f)
		out = append(out, f)
	}
	ops := []sysflow.OpFlags{
		sysflow.OpOpen | sysflow.OpReadRecv | sysflow.OpClose,
		sysflow.OpOpen | sysflow.OpWriteSend | sysflow.OpClose,
		sysflow.OpReadRecv | sysflow.OpWriteSend,
	}
	for i := range int64(benchBatch) {
		c := sysflow.Counters{NumRRecvOps: 3, NumRRecvBytes: 4096 + i}
		op := ops[rng.IntN(len(ops))]
		if op&sysflow.OpWriteSend != 0 {
			c.NumWSendOps, c.NumWSendBytes = 1, i+1
		}
		out = append(out, &sysflow.FileFlow{
			ProcOID: procs[rng.IntN(len(procs))].OID, TS: i, TID: i, EndTS: i + 1_000_000, OpFlags: op, OpenFlags: 0x1001,
			FileOID: files[rng.IntN(len(files))].OID, FD: 7, Counters: c,
		})
	}
	return out
}

// BenchmarkEncoder encodes batches of file flows; compare with BenchmarkBarePdata.
func BenchmarkEncoder(b *testing.B) {
	recs := benchFlows()
	e := NewEncoder(EncoderOptions{})
	for _, r := range recs {
		e.Add(r)
	}
	e.Take()
	flows := recs[len(recs)-benchBatch:]
	report := perRecord(b)
	for b.Loop() {
		for _, r := range flows {
			e.Add(r)
		}
		if e.Len() != benchBatch {
			b.Fatal(e.Len())
		}
		e.Take()
	}
	report()
}

// BenchmarkDecoder decodes the same batch again and again.
func BenchmarkDecoder(b *testing.B) {
	e := NewEncoder(EncoderOptions{})
	for _, r := range benchFlows() {
		e.Add(r)
	}
	ld := e.Take()
	d := NewDecoder()
	report := perRecord(b)
	for b.Loop() {
		require.NoError(b, d.Decode(ld, func(*Observation) error { return nil }))
	}
	report()
}

// BenchmarkLedger writes the same observations again and again.
func BenchmarkLedger(b *testing.B) {
	e := NewEncoder(EncoderOptions{})
	for _, r := range benchFlows() {
		e.Add(r)
	}
	var obs []Observation
	require.NoError(b, NewDecoder().Decode(e.Take(), func(o *Observation) error {
		obs = append(obs, *o)
		return nil
	}))
	l := NewLedger()
	report := perRecord(b)
	for b.Loop() {
		for i := range obs {
			require.NoError(b, l.Write(&obs[i], func(sysflow.Record) error { return nil }))
		}
	}
	report()
}
