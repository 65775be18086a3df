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
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// A lasting failure is said at level warning, but not with every attempt.
func TestFailuresAreWarnedOf(t *testing.T) {
	for name, tt := range map[string]struct {
		retry bool
		want  string
	}{
		"retry":    {true, "Cannot write a batch to a trace file, it is tried again"},
		"no retry": {false, "Cannot write a batch to a trace file, it is refused as retry_on_failure is off"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "file")
				require.NoError(t, os.WriteFile(file, nil, 0o600))
				dir := filepath.Join(file, "traces")
				exp := newExporterAt(t, dir, func(c *Config) { c.BackOffConfig.Enabled = tt.retry })
				core, logged := observer.New(zap.WarnLevel)
				exp.logger = zap.New(core)

				batch := encode(records(1, 300), 10_000)[0]
				for range 13 { // one second apart: at 0, at 10
					require.Error(t, exp.consumeLogs(context.Background(), batch))
					time.Sleep(time.Second)
				}
				warnings := logged.FilterMessage(tt.want).All()
				require.Len(t, warnings, 2)
				assert.Equal(t, 2, logged.Len())
				assert.Equal(t, warnInterval, warnings[1].Time.Sub(warnings[0].Time))
				fields := warnings[0].ContextMap()
				assert.Equal(t, "open", fields["operation"])
				assert.Equal(t, dir, fields["file"])
				assert.Contains(t, fields["error"], "not a directory")
				require.NoError(t, exp.shutdown(context.Background()))
			})
		})
	}
}

// Without a queue, a batch that waits for room when the collector ends is not taken for
// accepted: the receiver keeps what it comes from.
func TestWithoutQueueNothingIsAcceptedUnwritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "traces")
	exp := startExporter(t, dir, func(c *Config) { c.BackOffConfig = createDefaultConfig().(*Config).BackOffConfig })
	require.NoError(t, os.Remove(dir))
	require.NoError(t, os.WriteFile(dir, nil, 0o600))

	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- exp.ConsumeLogs(ctx, encode(records(1, 300), 10_000)[0]) }()
	require.Eventually(t, func() bool { return sum(exp, "otelcol_sysflow_avro_write_errors") > 0 }, time.Minute, time.Millisecond)
	cancel()
	err := <-result
	require.ErrorContains(t, err, "writing a trace of node")
	assert.False(t, consumererror.IsPermanent(err))
	exp.shutdown(t)
}
