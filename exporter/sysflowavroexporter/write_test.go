package sysflowavroexporter

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestTraceComesOutWhole(t *testing.T) {
	for _, codec := range codecs {
		t.Run(codec, func(t *testing.T) {
			want := records(1, 5000)
			exp := startExporter(t, t.TempDir(), func(c *Config) { c.Codec = codec })
			exp.consume(t, encode(want, 500)...)
			exp.shutdown(t)

			files := names(t, exp.dir)
			require.Len(t, files, 1)
			got := sysflowtest.ReadFile(t, filepath.Join(exp.dir, files[0]))
			sameEvents(t, observeExactly(want), observeExactly(got))
			assert.Equal(t, countKinds(want), countKinds(got))
			assert.Equal(t, header(want[0], exp.dir, files[0]), got[0])
		})
	}
}

func TestUpstreamTracesComeOutWhole(t *testing.T) {
	for _, file := range sharedtest.Traces(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := sysflowtest.ReadFile(t, file)
			exp := startExporter(t, t.TempDir())
			exp.consume(t, encode(want, 300)...)
			exp.shutdown(t)
			got := readDir(t, exp.dir)
			sameEvents(t, observeExactly(want), observeExactly(got))
			assert.Equal(t, countKinds(want), countKinds(got))
		})
	}
}

// header is what the header of a trace becomes in a file.
func header(of sysflow.Record, dir, name string) *sysflow.Header {
	h := *of.(*sysflow.Header)
	h.Filename = filepath.Join(dir, name)
	return &h
}

func countKinds(recs []sysflow.Record) map[string]int {
	counts := make(map[string]int)
	for _, r := range recs {
		counts[r.Kind().String()]++
	}
	return counts
}

func TestRecordsAndBytesAreCounted(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	recs := records(1, 1000)
	exp.consume(t, encode(recs, 300)...)
	exp.shutdown(t)

	got := readDir(t, exp.dir)
	var dps []metricdata.DataPoint[int64]
	for kind, n := range countKinds(got) {
		dps = append(dps, metricdata.DataPoint[int64]{
			Value: int64(n), Attributes: attribute.NewSet(attribute.String("sysflow.type", kind)),
		})
	}
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualSysflowAvroRecords(t, exp.tel, dps, ignore)
	metadatatest.AssertEqualSysflowAvroBytes(t, exp.tel, value(totalSize(t, exp.dir)), ignore)
	metadatatest.AssertEqualSysflowAvroOpenFiles(t, exp.tel, value(0), ignore)
	metadatatest.AssertEqualSysflowAvroFiles(t, exp.tel, valueOf(1, "reason", "shutdown"), ignore)
	assertNoMetric(t, exp, "otelcol_sysflow_avro_skipped_records")
	assertNoMetric(t, exp, "otelcol_sysflow_avro_ignored_attributes")
	assertNoMetric(t, exp, "otelcol_sysflow_avro_write_errors")
}

func TestEachNodeHasAFile(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	mixed := plog.NewLogs()
	traces := make(map[string][]sysflow.Record)
	for i := range 3 {
		name := fmt.Sprintf("web-%d", i)
		recs := records(uint64(i), 600)
		recs[0].(*sysflow.Header).Exporter = name
		traces[name] = recs
		for _, ld := range encode(recs, 10_000) {
			ld.ResourceLogs().MoveAndAppendTo(mixed.ResourceLogs())
		}
	}
	exp.consume(t, mixed)
	exp.shutdown(t)

	files := names(t, exp.dir)
	require.Len(t, files, len(traces))
	for _, file := range files {
		node, _, _ := strings.Cut(file, ".")
		got := sysflowtest.ReadFile(t, filepath.Join(exp.dir, file))
		sameEvents(t, observe(traces[node]), observe(got))
		assert.Equal(t, node, got[0].(*sysflow.Header).Exporter)
	}
}

// Two traces of one host may use the same ids for different processes.
func TestTracesOfOneHostAreNotMixed(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	first, second := records(1, 300), records(2, 300)
	*second[0].(*sysflow.Header) = *first[0].(*sysflow.Header)
	second[0].(*sysflow.Header).Filename = "another.sf"
	a, b := encode(first, 50), encode(second, 50)
	for i := range min(len(a), len(b)) {
		exp.consume(t, a[i], b[i])
	}
	exp.consume(t, a[min(len(a), len(b)):]...)
	exp.consume(t, b[min(len(a), len(b)):]...)
	exp.shutdown(t)

	files := names(t, exp.dir)
	require.Len(t, files, 2)
	sameEvents(t, observe(first), observe(sysflowtest.ReadFile(t, filepath.Join(exp.dir, files[0]))))
	sameEvents(t, observe(second), observe(sysflowtest.ReadFile(t, filepath.Join(exp.dir, files[1]))))
}

func TestHeaderFromConfiguration(t *testing.T) {
	exp := startExporter(t, t.TempDir(), func(c *Config) {
		c.ExporterID, c.NodeIP, c.Filename = "edge", "2001:db8::7", "{exporter}@{ip}.{epoch}"
	})
	exp.consume(t, encode(records(1, 100), 100)...)
	exp.shutdown(t)

	files := names(t, exp.dir)
	require.Len(t, files, 1)
	assert.Regexp(t, `^edge@2001:db8::7\.[0-9]+$`, files[0])
	path := filepath.Join(exp.dir, files[0])
	assert.Equal(t, &sysflow.Header{
		Version: sysflow.SchemaVersion, Exporter: "edge", IP: "2001:db8::7", Filename: path,
	}, sysflowtest.ReadFile(t, path)[0])
}

func TestLogsThatAreNotSysFlowAreSkipped(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	recs := records(1, 200)
	mixed := plog.NewLogs()
	generateLifecycleTestLogs().ResourceLogs().MoveAndAppendTo(mixed.ResourceLogs())
	for _, ld := range encode(recs, 1000) {
		ld.ResourceLogs().MoveAndAppendTo(mixed.ResourceLogs())
	}
	odd := mixed.ResourceLogs().At(1)
	odd.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("sysflow.op_flags", "many")
	exp.consume(t, generateLifecycleTestLogs(), mixed)
	exp.shutdown(t)

	metadatatest.AssertEqualSysflowAvroSkippedRecords(t, exp.tel, value(2), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualSysflowAvroIgnoredAttributes(t, exp.tel, value(1), metricdatatest.IgnoreTimestamp())
	assert.Len(t, observe(readDir(t, exp.dir)), len(observe(recs)))
}

func TestNoFileWithoutRecords(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	exp.consume(t, plog.NewLogs(), generateLifecycleTestLogs())
	exp.consume(t, encode(records(1, 1), 1)...) // a header
	assert.Empty(t, names(t, exp.dir))
	exp.shutdown(t)
	assert.Empty(t, names(t, exp.dir))
}

func TestConcurrentBatchesStayWhole(t *testing.T) {
	exp := startExporter(t, t.TempDir(), func(c *Config) { c.Rotation.MaxSize = 10_000 })
	const nodes = 4
	var wg sync.WaitGroup
	want := 0
	for i := range nodes {
		recs := records(uint64(i), 1500)
		recs[0].(*sysflow.Header).Exporter = fmt.Sprintf("web-%d", i)
		want += len(observe(recs))
		wg.Go(func() {
			for _, ld := range encode(recs, 60) {
				assert.NoError(t, exp.ConsumeLogs(context.Background(), ld))
			}
		})
	}
	wg.Wait()
	exp.shutdown(t)
	assert.Len(t, observe(readDir(t, exp.dir)), want)
	assert.Greater(t, len(names(t, exp.dir)), nodes)
}

func TestCancelledBatchIsNotWritten(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, exp.ConsumeLogs(ctx, encode(records(1, 100), 100)[0]), context.Canceled)
	exp.shutdown(t)
	assert.Empty(t, names(t, exp.dir))
}
