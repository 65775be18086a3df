package sysflowavroexporter

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func recordsV6(seed uint64, n int) []sysflow.Record {
	return sysflowtest.RecordsV6(rand.New(rand.NewPCG(seed, 0)), n)
}

// TestVersion6ComesOutWhole: whatever version 6 says is in the file.
func TestVersion6ComesOutWhole(t *testing.T) {
	want := recordsV6(1, 5000)
	exp := startExporter(t, t.TempDir(), func(c *Config) { c.SchemaVersion = sysflow.SchemaV6 })
	exp.consume(t, encode(want, 500)...)
	exp.shutdown(t)
	got := readDir(t, exp.dir)
	sameEvents(t, observeExactly(want), observeExactly(got))
	assert.Equal(t, countKinds(want), countKinds(got))
	assert.EqualValues(t, sysflow.SchemaV6, got[0].(*sysflow.Header).Version)
	assertNoMetric(t, exp, "otelcol_sysflow_avro_unwritable_records")
}

// TestVersion6OfVersion5: the version in the header is that of the file.
func TestVersion6OfVersion5(t *testing.T) {
	for _, version := range []int{sysflow.SchemaV5, sysflow.SchemaV6} {
		exp := startExporter(t, t.TempDir(), func(c *Config) { c.SchemaVersion = version })
		exp.consume(t, encode(records(1, 300), 500)...)
		exp.consume(t, encode(recordsV6(2, 300), 500)...)
		exp.shutdown(t)
		for _, rec := range readDir(t, exp.dir) {
			if h, ok := rec.(*sysflow.Header); ok {
				assert.EqualValues(t, version, h.Version)
			}
		}
	}
}

// TestUnwritableRecordsAreCounted: what version 5 does not have is left out, and counted by kind.
func TestUnwritableRecordsAreCounted(t *testing.T) {
	recs := recordsV6(3, 3000)
	left := map[string]int64{}
	written := int64(0)
	for _, rec := range recs {
		op := sysflow.OpExec
		switch r := rec.(type) {
		case *sysflow.ProcessEvent:
			op = r.OpFlags
		case *sysflow.FileEvent:
			op = r.OpFlags
		case *sysflow.NetworkEvent:
			op = r.OpFlags
		}
		if op > sysflow.OpRename {
			left[rec.Kind().String()]++
		} else {
			written++
		}
	}
	require.Len(t, left, 3)

	exp := startExporter(t, t.TempDir())
	exp.consume(t, encode(recs, 500)...)
	exp.shutdown(t)
	var dps []metricdata.DataPoint[int64]
	for kind, n := range left {
		dps = append(dps, metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attribute.String("sysflow.type", kind))})
	}
	metadatatest.AssertEqualSysflowAvroUnwritableRecords(t, exp.tel, dps, metricdatatest.IgnoreTimestamp())
	assert.Equal(t, written, sum(exp, "otelcol_sysflow_avro_records"))
	assert.Len(t, readDir(t, exp.dir), int(written))
}

// TestUnwritableRecordsAreWarnedOf once: the metric tells the rest.
func TestUnwritableRecordsAreWarnedOf(t *testing.T) {
	exp := newExporterAt(t, t.TempDir(), func(*Config) {})
	core, logged := observer.New(zap.WarnLevel)
	exp.logger = zap.New(core)
	for _, ld := range encode(recordsV6(4, 2000), 300) {
		require.NoError(t, exp.consumeLogs(t.Context(), ld))
	}
	require.NoError(t, exp.shutdown(t.Context()))
	require.Equal(t, 1, logged.Len())
	assert.Contains(t, logged.All()[0].Message, "schema_version: 6 keeps them")
}
