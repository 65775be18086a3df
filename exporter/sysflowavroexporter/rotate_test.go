package sysflowavroexporter

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// In a bubble of synctest the clock begins here.
const bubbleEpoch = 946684800

func TestIdleFileIsCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir())
		recs := records(1, 300)
		exp.consume(t, encode(recs, 1000)...)
		final := fmt.Sprintf("%s.%d.sf", recs[0].(*sysflow.Header).Exporter, bubbleEpoch)
		time.Sleep(defaultInterval - time.Second)
		synctest.Wait()
		assert.Equal(t, []string{final + ".tmp"}, names(t, exp.dir), "a reader must not meet a half file")

		time.Sleep(2 * time.Second)
		synctest.Wait()
		assert.Equal(t, []string{final}, names(t, exp.dir))
		time.Sleep(3 * defaultInterval)
		synctest.Wait()
		assert.Equal(t, []string{final}, names(t, exp.dir), "no file without records")
		exp.shutdown(t)
		metadatatest.AssertEqualSysflowAvroFiles(t, exp.tel, valueOf(1, "reason", "interval"), metricdatatest.IgnoreTimestamp())
	})
}

func TestEveryFileIsSelfContained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir(), func(c *Config) { c.Rotation.Interval = time.Minute })
		want := lasting(3000)
		batches := encode(want, 100)
		for _, ld := range batches {
			exp.consume(t, ld)
			time.Sleep(20 * time.Second)
		}
		exp.shutdown(t)

		files := names(t, exp.dir)
		assert.InDelta(t, len(batches)/3, len(files), 2)
		var got []observed
		for i, name := range files {
			recs := sysflowtest.ReadFile(t, filepath.Join(exp.dir, name))
			assert.Equal(t, header(want[0], exp.dir, name), recs[0])
			if i > 0 {
				assert.Contains(t, recs[:10], firstReup(recs), "entities come again as REUP")
			}
			got = append(got, observe(recs)...)
		}
		sameEvents(t, observe(want), got)
	})
}

func firstReup(recs []sysflow.Record) sysflow.Record {
	for _, r := range recs {
		if p, ok := r.(*sysflow.Process); ok && p.State == sysflow.StateReup {
			return p
		}
	}
	return nil
}

func TestRotationBySize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // all within one second
		exp := startExporter(t, t.TempDir(), func(c *Config) { c.Rotation.MaxSize = 12_000 })
		want := lasting(2000)
		exp.consume(t, encode(want, 100)...)
		exp.shutdown(t)

		node := want[0].(*sysflow.Header).Exporter
		files := names(t, exp.dir)
		require.Greater(t, len(files), 2)
		for i, name := range files {
			if i == 0 {
				assert.Equal(t, fmt.Sprintf("%s.%d.sf", node, bubbleEpoch), name)
			} else {
				assert.Equal(t, fmt.Sprintf("%s.%d_%03d.sf", node, bubbleEpoch, i), name)
			}
		}
		sameEvents(t, observe(want), observe(readDir(t, exp.dir)))
	})
}

func TestRotationCanBeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir(), func(c *Config) { c.Rotation = RotationConfig{} })
		for _, ld := range encode(records(1, 2000), 100) {
			exp.consume(t, ld)
			time.Sleep(time.Hour)
		}
		exp.shutdown(t)
		assert.Len(t, names(t, exp.dir), 1)
	})
}

func TestOpenFilesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir(), func(c *Config) { c.MaxOpenFiles = 2 })
		consume := func(node string) {
			recs := records(1, 100)
			recs[0].(*sysflow.Header).Exporter = node
			exp.consume(t, encode(recs, 1000)...)
		}
		file := func(node, suffix string) string { return fmt.Sprintf("%s.%d%s", node, bubbleEpoch, suffix) }
		consume("a")
		consume("b")
		consume("a")
		consume("c")
		assert.Equal(t, []string{file("a", ".sf.tmp"), file("b", ".sf"), file("c", ".sf.tmp")}, names(t, exp.dir))
		metadatatest.AssertEqualSysflowAvroOpenFiles(t, exp.tel, value(2), metricdatatest.IgnoreTimestamp())
		metadatatest.AssertEqualSysflowAvroFiles(t, exp.tel, valueOf(1, "reason", "max_open_files"), metricdatatest.IgnoreTimestamp())
		exp.shutdown(t)
		assert.Equal(t, []string{file("a", ".sf"), file("b", ".sf"), file("c", ".sf")}, names(t, exp.dir))
	})
}

// The sending queue gathers small batches for flush_timeout, and is emptied at the end.
func TestQueueKeepsOrder(t *testing.T) {
	exp := startExporter(t, t.TempDir(), func(c *Config) {
		def := createDefaultConfig().(*Config)
		c.QueueConfig, c.BackOffConfig = def.QueueConfig, def.BackOffConfig
		c.QueueConfig.Get().Batch.Get().MinSize = 250
	})
	want := lasting(5000)
	exp.consume(t, encode(want, 40)...)
	exp.shutdown(t)
	sameEvents(t, observe(want), observe(readDir(t, exp.dir)))
}
