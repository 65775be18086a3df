package sysflowconsoleexporter

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

var update = flag.Bool("update", false, "rewrite golden files")

func value(n int64) []metricdata.DataPoint[int64] { return []metricdata.DataPoint[int64]{{Value: n}} }

func TestGoldenLines(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"lines": func(*Config) {},
		"color": func(c *Config) { c.Color = terminal.ColorAlways },
		"types": func(c *Config) { c.Types = []string{"NF", "FE"} },
	} {
		t.Run(name, func(t *testing.T) {
			out, text := tempFile(t)
			exp := startExporter(t, out, change)
			ld := scenario()
			ld.MarkReadOnly()
			require.NoError(t, exp.ConsumeLogs(context.Background(), ld))
			exp.shutdown(t)

			golden := filepath.Join("testdata", name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(text()), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), text(), "go test -update rewrites %s", golden)
		})
	}
}

// TestReadme: the example in the README is what is printed.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	lines, err := os.ReadFile(filepath.Join("testdata", "lines.txt"))
	require.NoError(t, err)
	assert.Contains(t, string(readme), "```\n"+string(lines)+"```\n")
}

func TestStreams(t *testing.T) {
	for output, want := range map[Output]*os.File{OutputStdout: os.Stdout, OutputStderr: os.Stderr} {
		exp, err := newConsoleExporter(defaultsWith(func(c *Config) { c.Output = output }), componenttest.NewNopTelemetrySettings())
		require.NoError(t, err)
		assert.Same(t, want, exp.out)
	}
}

// TestQueueKeepsOrder sends from several goroutines and shuts down at once: everything
// is printed, the lines of a batch in their order and not mixed with others.
func TestQueueKeepsOrder(t *testing.T) {
	out, text := tempFile(t)
	exp := startExporter(t, out, func(c *Config) { c.QueueConfig = defaultsWith(func(*Config) {}).QueueConfig })
	var senders sync.WaitGroup
	const batches, size = 8, 1000 // more than one flush each
	for b := range batches {
		oid := sysflow.OID{CreateTS: 1, HPID: int64(b + 1)}
		recs := []sysflow.Record{&sysflow.Process{OID: oid, Exe: "/bin/p"}}
		for i := range size {
			recs = append(recs, &sysflow.ProcessEvent{
				ProcOID: oid, TS: noon + int64(i), OpFlags: sysflow.OpSetuid, Args: []string{fmt.Sprintf("%040d", i)},
			})
		}
		senders.Go(func() { assert.NoError(t, exp.ConsumeLogs(context.Background(), encode(recs...))) })
	}
	senders.Wait()
	exp.shutdown(t)

	lines := strings.Split(strings.TrimSuffix(text(), "\n"), "\n")
	require.Len(t, lines, batches*size)
	for i, line := range lines {
		batch := lines[i-i%size]
		pid := batch[strings.IndexByte(batch, '['):strings.IndexByte(batch, ']')]
		require.Contains(t, line, pid)
		require.Contains(t, line, fmt.Sprintf("%040d", i%size))
	}
}

// spoilResults gives the results of calls the wrong type.
func spoilResults(ld plog.Logs) {
	for _, rl := range ld.ResourceLogs().All() {
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			if _, ok := lr.Attributes().Get(plogs.KeyRet); ok {
				lr.Attributes().PutStr(plogs.KeyRet, "zero")
			}
		}
	}
}

func TestMetrics(t *testing.T) {
	out, _ := tempFile(t)
	exp := startExporter(t, out)
	ld := scenario()
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty().Body().SetStr("not SysFlow")
	spoilResults(ld)
	require.NoError(t, exp.ConsumeLogs(context.Background(), ld))
	metadatatest.AssertEqualSysflowConsoleLines(t, exp.tel, value(7), metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	metadatatest.AssertEqualSysflowConsoleSkippedRecords(t, exp.tel, value(1), metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	metadatatest.AssertEqualSysflowConsoleIgnoredAttributes(t, exp.tel, value(5), metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	_, err := exp.tel.GetMetric("otelcol_sysflow_console_dropped_records")
	require.Error(t, err, "nothing was dropped")
	exp.shutdown(t)
}

func TestShutdownWithoutStartAndTwice(t *testing.T) {
	exp, err := NewFactory().CreateLogs(context.Background(), exportertest.NewNopSettings(metadata.Type), createDefaultConfig())
	require.NoError(t, err)
	require.NoError(t, exp.Shutdown(context.Background()))

	out, _ := tempFile(t)
	started := startExporter(t, out)
	require.NoError(t, started.Shutdown(context.Background()))
	require.NoError(t, started.Shutdown(context.Background()))
}

// TestClosedOutput: an error once, and permanent; from then on silence.
func TestClosedOutput(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	exp := startExporter(t, w)
	require.NoError(t, r.Close())
	ld := scenario()
	n := int64(ld.LogRecordCount())

	err = exp.ConsumeLogs(context.Background(), ld)
	require.ErrorContains(t, err, "stdout is closed, no more lines are printed")
	assert.True(t, consumererror.IsPermanent(err))
	require.NoError(t, exp.ConsumeLogs(context.Background(), ld))
	require.NoError(t, exp.ConsumeLogs(context.Background(), ld))
	metadatatest.AssertEqualSysflowConsoleDroppedRecords(t, exp.tel, value(3*n), metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
	exp.shutdown(t)
}

func BenchmarkConsumeLogs(b *testing.B) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(b, err)
	defer null.Close()
	exp := startExporter(b, null)
	ld := encode(sysflowtest.Records(rand.New(rand.NewPCG(1, 0)), 8192)...)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, exp.ConsumeLogs(context.Background(), ld))
	}
	b.ReportMetric(float64(ld.LogRecordCount())*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	exp.shutdown(b)
}
