package sysflowavroexporter

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// limitFiles makes the kernel refuse to let files grow beyond a size, in the middle of
// a write if need be, until the test lifts the limit.
func limitFiles(t *testing.T, size uint64) (lift func()) {
	t.Helper()
	var old syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old))
	signal.Ignore(syscall.SIGXFSZ)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: old.Max}))
	lift = sync.OnceFunc(func() {
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old))
		signal.Reset(syscall.SIGXFSZ)
	})
	t.Cleanup(lift)
	return lift
}

func TestBatchIsWrittenWholeOrNotAtAll(t *testing.T) {
	exp := startExporter(t, t.TempDir(), func(c *Config) { c.BlockSize = 3000 })
	want := lasting(5000)
	batches := encode(want, 200)
	lift := limitFiles(t, 100_000)
	retries := retryAll(t, exp, batches)
	lift()
	exp.shutdown(t)

	require.Positive(t, retries)
	files := names(t, exp.dir)
	require.Len(t, files, retries+1)
	sameEvents(t, observe(want), observe(readDir(t, exp.dir)))

	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualSysflowAvroWriteErrors(t, exp.tel, valueOf(int64(retries), "operation", "write"), ignore)
	metadatatest.AssertEqualSysflowAvroBytes(t, exp.tel, value(totalSize(t, exp.dir)), ignore)
	metadatatest.AssertEqualSysflowAvroFiles(t, exp.tel, append(
		valueOf(int64(retries), "reason", "write_error"), valueOf(1, "reason", "shutdown")...), ignore)
}

// After an error nothing more is taken, even if it would fit: behind a gap no reader
// would find it.
func TestNoGapAfterAnError(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "trace"))
	require.NoError(t, err)
	defer f.Close()
	s := sink{f: f}
	lift := limitFiles(t, 1000)
	n, err := s.Write(make([]byte, 1500))
	lift()
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.Equal(t, 1000, n)
	n, err = s.Write([]byte("more"))
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.Zero(t, n)
	assert.Equal(t, int64(1000), s.size)
}

// Only the part of a batch that was not written comes again.
func TestFailureOfOneNode(t *testing.T) {
	exp := startExporter(t, t.TempDir())
	small, large := records(1, 50), records(2, 5000)
	small[0].(*sysflow.Header).Exporter = "small"
	large[0].(*sysflow.Header).Exporter = "large"
	mixed := encode(large, 100_000)[0]
	encode(small, 100_000)[0].ResourceLogs().MoveAndAppendTo(mixed.ResourceLogs())
	total := mixed.LogRecordCount()
	mixed.MarkReadOnly()

	lift := limitFiles(t, 40_000)
	err := exp.ConsumeLogs(context.Background(), mixed)
	var failed consumererror.Logs
	require.ErrorAs(t, err, &failed)
	require.ErrorIs(t, err, syscall.EFBIG)
	assert.Equal(t, total-encode(small, 100_000)[0].LogRecordCount(), failed.Data().LogRecordCount())
	lift()
	exp.consume(t, failed.Data())
	exp.shutdown(t)

	files := names(t, exp.dir)
	require.Len(t, files, 2)
	sameEvents(t, observe(large), observe(sysflowtest.ReadFile(t, filepath.Join(exp.dir, files[0]))))
	sameEvents(t, observe(small), observe(sysflowtest.ReadFile(t, filepath.Join(exp.dir, files[1]))))
}

// smallDisk mounts a file system of a size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("sysflow-test", dir, "tmpfs", 0, "size="+size)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("mounting a small tmpfs needs root: %v", err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// The disk is full for a while: everything waits in the queue and is written, once and
// in order, when there is room again.
func TestFullDisk(t *testing.T) {
	disk := smallDisk(t, "4m")
	ballast := filepath.Join(disk, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 4<<20-96<<10), 0o600))

	exp := startExporter(t, filepath.Join(disk, "traces"), func(c *Config) {
		def := createDefaultConfig().(*Config)
		c.QueueConfig, c.BackOffConfig = def.QueueConfig, def.BackOffConfig
		c.QueueConfig.Get().Batch.Get().MinSize = 300
		c.QueueConfig.Get().Batch.Get().FlushTimeout = 10 * time.Millisecond
		c.BackOffConfig.InitialInterval = 5 * time.Millisecond
		c.BackOffConfig.MaxInterval = 20 * time.Millisecond
	})
	want := lasting(10_000)
	exp.consume(t, encode(want, 100)...)
	require.Eventually(t, func() bool { return sum(exp, "otelcol_sysflow_avro_write_errors") >= 3 }, time.Minute, time.Millisecond)
	held := sum(exp, "otelcol_sysflow_avro_records")
	require.Less(t, held, int64(len(observe(want))))

	require.NoError(t, os.Remove(ballast))
	require.Eventually(t, func() bool { return eventSum(exp) == int64(len(observe(want))) }, time.Minute, 5*time.Millisecond)
	exp.shutdown(t)
	sameEvents(t, observe(want), observe(readDir(t, exp.dir)))
}

// What was acknowledged before the disk was full can be read, though the exporter ends
// before there is room.
func TestShutdownOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "256k")
	exp := startExporter(t, filepath.Join(disk, "traces"))
	want := lasting(20_000)
	acknowledged := 0
	for _, ld := range encode(want, 500) {
		if err := exp.ConsumeLogs(context.Background(), ld); err != nil {
			require.ErrorIs(t, err, syscall.ENOSPC)
			break
		}
		acknowledged += eventCount(ld)
	}
	exp.shutdown(t)
	require.Positive(t, acknowledged)
	got := observe(readDir(t, exp.dir))
	require.Len(t, got, acknowledged)
	sameEvents(t, observe(want)[:acknowledged], got)
}

// eventSum returns how many events and flows were counted as written.
func eventSum(exp *subject) int64 {
	m, err := exp.tel.GetMetric("otelcol_sysflow_avro_records")
	if err != nil {
		return 0
	}
	var n int64
	for _, dp := range m.Data.(metricdata.Sum[int64]).DataPoints {
		name, _ := dp.Attributes.Value("sysflow.type")
		if kind, _ := sysflow.ParseKind(name.AsString()); !kind.IsEntity() {
			n += dp.Value
		}
	}
	return n
}
