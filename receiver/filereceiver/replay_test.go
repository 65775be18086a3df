package filereceiver

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadatatest"
)

func TestReplayOnce(t *testing.T) {
	for _, size := range []int{1, 7, 1000, 8192} {
		t.Run(fmt.Sprint("batch_size ", size), func(t *testing.T) {
			records := generate(1, 5000)
			path := tracePath(t)
			writeTrace(t, path, records)
			cfg := config(path)
			cfg.BatchSize = size
			next := &sink{}
			e := replayAll(t, cfg, next, nopHost())

			assertEvents(t, eventsOf(records), next.events(t))
			for _, ld := range next.logs {
				assert.LessOrEqual(t, ld.LogRecordCount(), size+len(records)-len(eventsOf(records)))
			}
			assertRecordsCounted(t, e, records)
			metadatatest.AssertEqualSysflowReplayFiles(t, e.telemetry,
				[]metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
			info, err := os.Stat(path)
			require.NoError(t, err)
			metadatatest.AssertEqualSysflowReplayBytes(t, e.telemetry,
				[]metricdata.DataPoint[int64]{{Value: info.Size()}}, metricdatatest.IgnoreTimestamp())
		})
	}
}

// TestReplayVersion6: whatever version 6 says goes through.
func TestReplayVersion6(t *testing.T) {
	records := sysflowtest.RecordsV6(rand.New(rand.NewPCG(6, 0)), 3000)
	path := tracePath(t)
	require.NoError(t, os.WriteFile(path, encodeVersion(t, sysflow.SchemaV6, records), 0o600))
	next := &sink{}
	e := replayAll(t, config(path), next, nopHost())
	assertEvents(t, eventsOf(records), next.events(t))
	assertRecordsCounted(t, e, records)

	details := map[sysflow.OID]bool{}
	for _, rec := range records {
		if p, ok := rec.(*sysflow.Process); ok && p.Details != nil {
			details[p.OID] = true
		}
	}
	seen := 0
	next.observe(t, func(o *plogs.Observation) {
		if o.Process != nil && o.Process.Details != nil {
			assert.True(t, details[o.Process.OID])
			seen++
		}
	})
	assert.Positive(t, seen)
}

func assertRecordsCounted(t *testing.T, e *env, records []sysflow.Record) {
	t.Helper()
	var kinds [sysflow.NumKinds]int64
	for _, rec := range records {
		kinds[rec.Kind()]++
	}
	var want []metricdata.DataPoint[int64]
	for k, n := range kinds {
		if n > 0 {
			kind := attribute.String("sysflow.type", sysflow.Kind(k).String())
			want = append(want, metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(kind)})
		}
	}
	metadatatest.AssertEqualSysflowReplayRecords(t, e.telemetry, want, metricdatatest.IgnoreTimestamp())
}

func TestReplayDirectoryOldestFirst(t *testing.T) {
	dir := t.TempDir()
	var want []sysflow.Record
	for i := range 5 {
		records := generate(uint64(i), 300)
		writeTrace(t, filepath.Join(dir, fmt.Sprintf("node%d.17000000%02d.sf", 9-i, i)), records)
		want = append(want, eventsOf(records)...)
	}
	next := &sink{}
	replayAll(t, config(dir), next, nopHost())
	assertEvents(t, want, next.events(t))
}

func TestReplaySharedTraces(t *testing.T) {
	for _, path := range sharedtest.Traces(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			next := &sink{}
			replayAll(t, config(path), next, nopHost())
			assert.ElementsMatch(t, eventsOf(sysflowtest.ReadFile(t, path)), next.events(t))
		})
	}
}

// TestReplayAtRecordedSpeed checks that a replay takes the time that recording took, but no
// exact times: records may go up to paceAhead early.
func TestReplayAtRecordedSpeed(t *testing.T) {
	records := generate(1, 400)
	events := eventsOf(records)
	recorded := time.Duration(writtenAt(events[len(events)-1]) - writtenAt(events[0]))
	require.Greater(t, recorded, 500*time.Millisecond)
	path := tracePath(t)
	writeTrace(t, path, records)
	cfg := config(path)
	cfg.Speed = 2
	next := &sink{}
	began := time.Now()
	replayAll(t, cfg, next, nopHost())
	assert.GreaterOrEqual(t, time.Since(began), recorded/2-paceAhead)
	assertEvents(t, events, next.events(t))
}

func TestNoFiles(t *testing.T) {
	next := &sink{}
	e := replayAll(t, config(filepath.Join(t.TempDir(), "*.sf")), next, nopHost())
	assert.Empty(t, next.logs)
	assert.Equal(t, 1, e.observed.FilterMessageSnippet("Cannot find everything").Len())
}
