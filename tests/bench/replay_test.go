package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

const (
	replayRecords = 1_000_000
	replayRounds  = 5

	limitRate   = 600_000
	limitRatio  = 2.0
	limitMemory = 200 << 20
)

const replayConfig = `
receivers:
  file:
    include: [%q]
    mode: once
    exit_when_done: true
exporters:
  nop:
service:
  pipelines:
    logs:
      receivers: [file]
      exporters: [nop]
`

// BenchmarkReplay measures how fast a stored trace goes through the collector.
func BenchmarkReplay(b *testing.B) {
	collector.Binary(b, "otelcol-sysflow")
	path := filepath.Join(b.TempDir(), "large.sf")
	events := writeLarge(b, path)

	var took []time.Duration
	var memory int64
	var bare time.Duration
	for b.Loop() {
		took, memory = nil, 0
		for range replayRounds {
			d, m := replay(b, fmt.Sprintf(replayConfig, path))
			took, memory = append(took, d), max(memory, m)
		}
		bare = buildBare(events)
	}
	best := slices.Min(took)
	rate := float64(replayRecords) / best.Seconds()
	ratio := best.Seconds() / bare.Seconds()
	b.Logf("%d records, of them %d events and flows; rounds took %v, building the bare logs %v; %d processors",
		replayRecords, events, took, bare, runtime.NumCPU())
	b.ReportMetric(rate, "records/s")
	b.ReportMetric(ratio, "times-bare")
	b.ReportMetric(float64(memory>>20), "peak-MiB")
	b.ReportMetric(0, "ns/op")
	assert.GreaterOrEqual(b, rate, float64(limitRate), "records per second")
	assert.LessOrEqual(b, ratio, limitRatio, "times what building the bare logs takes")
	assert.LessOrEqual(b, memory, int64(limitMemory), "bytes of memory")
}

// replay runs the collector, which replays a trace and ends; it returns the time that the
// receiver says it took.
func replay(tb testing.TB, config string) (took time.Duration, memory int64) {
	tb.Helper()
	c := collector.Start(tb, config)
	for ended := false; !ended; {
		// the peak is gone with the process, so it is read as long as it can be
		if m, ok := c.PeakMemory(); ok {
			memory = m
		}
		select {
		case <-c.Exited():
			ended = true
		case <-time.After(10 * time.Millisecond):
		case <-tb.Context().Done():
			tb.Fatal("the replay took too long")
		}
	}
	for _, l := range c.LogLines() {
		if l.Msg == "Trace replayed" {
			assert.InDelta(tb, replayRecords, l.Fields["records"], 0)
			seconds, ok := l.Fields["took"].(float64)
			require.True(tb, ok, "%s", l.Text)
			took = time.Duration(seconds * float64(time.Second))
		}
	}
	require.NotZero(tb, took, "%s", c.Logs())
	return took, memory
}

// writeLarge repeats a recorded trace until it has a million records, and returns how
// many of them are events or flows.
func writeLarge(tb testing.TB, path string) (events int) {
	tb.Helper()
	source := sharedtest.Trace(tb, "sf/express-attack.v1000.sf")
	file, err := os.Create(path)
	require.NoError(tb, err)
	w, err := avro.NewWriter(file, avro.WriterOptions{})
	require.NoError(tb, err)
	sharedtest.Repeat(tb, source, replayRecords, func(rec sysflow.Record) {
		require.NoError(tb, w.Write(rec))
		if !rec.Kind().IsEntity() {
			events++
		}
	})
	require.NoError(tb, w.Close())
	require.NoError(tb, file.Close())
	return events
}

// buildBare builds as many log records as the trace has events and flows, with a dozen
// attributes each, in batches like the receiver's, and returns how long that took.
func buildBare(records int) time.Duration {
	const batch, resources = 8192, 64
	keys := []string{
		"sysflow.type", "sysflow.op_flags", "sysflow.end_ts", "thread.id", "file.path", "sysflow.file.type",
		"sysflow.file.open_flags", "sysflow.fd", "sysflow.flow.read_ops", "sysflow.flow.write_ops",
		"sysflow.flow.read_bytes", "sysflow.flow.write_bytes",
	}
	texts := map[string]string{"sysflow.type": "FF", "file.path": "/usr/lib/x86_64-linux-gnu/libc.so.6", "sysflow.file.type": "f"}
	start := time.Now()
	var ld plog.Logs
	var logs [resources]plog.LogRecordSlice
	for i := range records {
		if i%batch == 0 {
			ld = plog.NewLogs()
			for j := range logs {
				logs[j] = ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
			}
		}
		lr := logs[i%resources].AppendEmpty()
		lr.SetTimestamp(pcommon.Timestamp(i))
		lr.SetEventName("sysflow.file.flow")
		a := lr.Attributes()
		a.EnsureCapacity(len(keys))
		for _, k := range keys {
			if v, ok := texts[k]; ok {
				a.PutStr(k, v)
			} else {
				a.PutInt(k, int64(i))
			}
		}
	}
	return time.Since(start)
}
