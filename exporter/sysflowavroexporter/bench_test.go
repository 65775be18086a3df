//go:build unix

package sysflowavroexporter

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// BenchmarkConsumeLogs measures the way from logs to the file, without the queue, with
// a generated trace: every tenth record is a process or a file that is new.
func BenchmarkConsumeLogs(b *testing.B) {
	recs := records(1, 100_000)
	for _, codec := range codecs {
		b.Run(codec, func(b *testing.B) { benchmarkRecords(b, codec, recs) })
	}
}

// BenchmarkConsumeRecorded does the same with a recorded trace, of few processes that
// do much.
func BenchmarkConsumeRecorded(b *testing.B) {
	recs := sysflowtest.ReadFile(b, sharedtest.Trace(b, "sf/express-attack.v1000.sf"))
	for _, codec := range codecs {
		b.Run(codec, func(b *testing.B) { benchmarkRecords(b, codec, recs) })
	}
}

func benchmarkRecords(b *testing.B, codec string, recs []sysflow.Record) {
	batches := encode(recs, 8192)
	n := 0
	for _, ld := range batches {
		n += ld.LogRecordCount()
		ld.MarkReadOnly()
	}
	exp := startExporter(b, b.TempDir(), func(c *Config) {
		c.Codec = codec
		c.Rotation = RotationConfig{MaxSize: 64 << 20}
		c.Retention.MaxFiles = 1
	})
	b.ReportAllocs()
	passes, before := 0, cpuTime(b)
	for b.Loop() {
		for _, ld := range batches {
			require.NoError(b, exp.ConsumeLogs(context.Background(), ld))
		}
		passes++
	}
	b.ReportMetric(float64(n*passes)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(n*passes)/(cpuTime(b)-before).Seconds(), "records/cpu-s")
	b.ReportMetric(float64(n), "records/op")
	exp.shutdown(b)
}

// cpuTime is what a busy machine does not distort. It includes the collection of garbage.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
