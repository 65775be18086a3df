package sysflowavroexporter

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func TestStartFailsWithoutDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	cfg := createDefaultConfig().(*Config)
	cfg.Directory = filepath.Join(file, "traces")
	exp, err := NewFactory().CreateLogs(context.Background(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.ErrorContains(t, exp.Start(context.Background(), componenttest.NewNopHost()), "directory: mkdir")
	require.NoError(t, exp.Shutdown(context.Background()))
}

func TestShutdownTwice(t *testing.T) {
	exp := newExporterAt(t, t.TempDir(), func(*Config) {})
	require.NoError(t, exp.shutdown(context.Background()), "before start")
	require.NoError(t, exp.start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, exp.shutdown(context.Background()))
	require.NoError(t, exp.shutdown(context.Background()))
}

// A file system that is gone for a while must cost nothing.
func TestDirectoryComesAndGoes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "traces")
	exp := startExporter(t, dir)
	require.NoError(t, os.Remove(dir))
	require.NoError(t, os.WriteFile(dir, nil, 0o600))

	want := records(1, 300)
	batch := encode(want, 10_000)[0]
	err := exp.ConsumeLogs(context.Background(), batch)
	require.ErrorContains(t, err, "writing a trace of node")
	assert.False(t, consumererror.IsPermanent(err))
	metadatatest.AssertEqualSysflowAvroWriteErrors(t, exp.tel, valueOf(1, "operation", "open"), metricdatatest.IgnoreTimestamp())
	assertNoMetric(t, exp, "otelcol_sysflow_avro_records")

	require.NoError(t, os.Remove(dir))
	exp.consume(t, batch)
	exp.shutdown(t)
	sameEvents(t, observe(want), observe(readDir(t, dir)))
}

// When a file cannot get its final name, it is looked at again later.
func TestCompletionIsRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir())
		want := records(1, 300)
		exp.consume(t, encode(want, 10_000)...)
		tmp := filepath.Join(exp.dir, names(t, exp.dir)[0])
		final := tmp[:len(tmp)-len(tmpSuffix)]
		require.NoError(t, os.WriteFile(final, []byte("in the way"), 0o600))

		time.Sleep(defaultInterval + time.Second)
		synctest.Wait()
		assert.FileExists(t, tmp)
		metadatatest.AssertEqualSysflowAvroWriteErrors(t, exp.tel, valueOf(1, "operation", "complete"), metricdatatest.IgnoreTimestamp())
		require.NoError(t, os.Remove(final))
		time.Sleep(recoverDelay + time.Second)
		synctest.Wait()
		assert.Equal(t, []string{filepath.Base(final)}, names(t, exp.dir))
		sameEvents(t, observe(want), observe(sysflowtest.ReadFile(t, final)))
		exp.shutdown(t)
	})
}

// retryAll sends batches again until they are taken, as exporterhelper does, and
// returns how often that was necessary.
func retryAll(t *testing.T, exp *subject, batches []plog.Logs) int {
	t.Helper()
	retries := 0
	for _, ld := range batches {
		for {
			err := exp.ConsumeLogs(context.Background(), ld)
			if err == nil {
				break
			}
			require.False(t, consumererror.IsPermanent(err))
			retries++
			require.Less(t, retries, 1000)
		}
	}
	return retries
}
