package sysflowpolicyprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/benchtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
)

// benchmarkRecords is the length of the trace that is judged.
const benchmarkRecords = 1_000_000

// limitRates are how many records must be judged each second. The first rules must besides take no
// longer than building as many bare records.
var limitRates = map[string]int{sharedRules[0]: 1_000_000, sharedRules[1]: 700_000}

// BenchmarkConsume measures how fast logs are judged, in alert mode, and for comparison
// how fast as many bare log records are built.
func BenchmarkConsume(b *testing.B) {
	batches := batchesOf(b, benchmarkRecords)
	n := 0
	for _, ld := range batches {
		n += ld.LogRecordCount()
	}
	for _, name := range sharedRules {
		b.Run(name, func(b *testing.B) {
			p, sink := started(b, config(func(c *Config) { c.Policies = []string{sharedtest.Rules(b, name)} }))
			consume := func() {
				for _, ld := range batches {
					require.NoError(b, p.ConsumeLogs(b.Context(), ld))
				}
			}
			consume() // so that what is measured is the steady state
			alerts := sink.LogRecordCount()
			sink.Reset()
			b.ReportAllocs()
			for b.Loop() {
				consume()
				sink.Reset()
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(alerts), "alerts")
			again := func() { consume(); sink.Reset() }
			benchtest.Within(b, time.Second/time.Duration(limitRates[name]), n, again)
			if name == sharedRules[0] && benchtest.Enforced() {
				bare := benchtest.Best(0, func() { buildBare(n) })
				assert.LessOrEqual(b, benchtest.Best(bare, again), bare, "longer than building as many bare records")
			}
		})
	}
	b.Run("building bare records", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			buildBare(n)
		}
		b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
	})
}

// buildBare builds as many log records with a dozen attributes each.
func buildBare(records int) {
	const batch, resources = 8192, 64
	keys := []string{
		"sysflow.op_flags", "sysflow.end_ts", "thread.id", "sysflow.file.open_flags", "sysflow.fd",
		"sysflow.flow.read_ops", "sysflow.flow.write_ops", "sysflow.flow.read_bytes", "sysflow.flow.write_bytes",
	}
	var logs [resources]plog.LogRecordSlice
	for i := range records {
		if i%batch == 0 {
			ld := plog.NewLogs()
			for j := range logs {
				logs[j] = ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
			}
		}
		lr := logs[i%resources].AppendEmpty()
		lr.SetTimestamp(pcommon.Timestamp(i))
		lr.SetEventName("sysflow.file.flow")
		a := lr.Attributes()
		a.EnsureCapacity(len(keys) + 3)
		a.PutStr("sysflow.type", "FF")
		a.PutStr("file.path", "/usr/lib/x86_64-linux-gnu/libc.so.6")
		a.PutStr("sysflow.file.type", "f")
		for _, k := range keys {
			a.PutInt(k, int64(i))
		}
	}
}
