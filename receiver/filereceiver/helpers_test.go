package filereceiver

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

const (
	patience = 20 * time.Second
	tick     = 2 * time.Millisecond
)

// generate returns a trace of n records; equal seeds give equal traces.
func generate(seed uint64, n int) []sysflow.Record {
	return sysflowtest.Records(rand.New(rand.NewPCG(seed, 0)), n)
}

// encodeTrace returns records as the bytes of a trace file with small blocks.
func encodeTrace(tb testing.TB, records []sysflow.Record) []byte {
	tb.Helper()
	return encodeVersion(tb, sysflow.SchemaV5, records)
}

func encodeVersion(tb testing.TB, version int, records []sysflow.Record) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w, err := avro.NewWriter(&buf, avro.WriterOptions{Version: version, BlockSize: 4000})
	require.NoError(tb, err)
	for _, rec := range records {
		require.NoError(tb, w.Write(rec))
	}
	require.NoError(tb, w.Close())
	return buf.Bytes()
}

// writeTrace writes a trace file as a careful writer does: renamed when complete.
func writeTrace(tb testing.TB, path string, records []sysflow.Record) {
	tb.Helper()
	require.NoError(tb, os.WriteFile(path+".tmp", encodeTrace(tb, records), 0o600))
	require.NoError(tb, os.Rename(path+".tmp", path))
}

// sink remembers what it accepts and refuses what refuse says.
type sink struct {
	mu     sync.Mutex
	logs   []plog.Logs
	calls  int
	refuse func(call int, ld plog.Logs) error
}

func (s *sink) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{}
}

func (s *sink) ConsumeLogs(_ context.Context, ld plog.Logs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.refuse != nil {
		if err := s.refuse(s.calls, ld); err != nil {
			return err
		}
	}
	s.logs = append(s.logs, ld)
	return nil
}

// eventsOf returns the events and flows of a trace.
func eventsOf(records []sysflow.Record) []sysflow.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r sysflow.Record) bool { return r.Kind().IsEntity() })
}

// env is a receiver under test and what is around it.
type env struct {
	*fileReceiver
	telemetry *componenttest.Telemetry
	observed  *observer.ObservedLogs
	exited    chan struct{}
}

// config returns a configuration for tests: small batches, quick polls and retries.
func config(include ...string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Include = include
	cfg.PollInterval = tick
	cfg.BatchSize = 100
	cfg.RetryConfig.InitialInterval = tick
	cfg.RetryConfig.MaxInterval = 2 * tick
	return cfg
}

// start starts a receiver, which is shut down at the end of the test at the latest.
func start(t *testing.T, cfg *Config, next consumer.Logs, host component.Host) *env {
	t.Helper()
	require.NoError(t, cfg.Validate())
	e := &env{telemetry: componenttest.NewTelemetry(), exited: make(chan struct{})}
	core, observed := observer.New(zap.InfoLevel)
	e.observed = observed
	set := receivertest.NewNopSettings(metadata.Type)
	set.ID = component.NewID(metadata.Type) // not a new one each time, as it names the positions
	set.TelemetrySettings = e.telemetry.NewTelemetrySettings()
	set.Logger = zap.New(core)
	created, err := NewFactory().CreateLogs(t.Context(), set, cfg, next)
	require.NoError(t, err)
	e.fileReceiver = created.(*fileReceiver)
	e.exit = func(context.Context) error {
		close(e.exited)
		return nil
	}
	t.Cleanup(func() { assert.NoError(t, e.telemetry.Shutdown(context.Background())) })
	t.Cleanup(func() { assert.NoError(t, e.Shutdown(context.Background())) })
	require.NoError(t, e.Start(t.Context(), host))
	return e
}

// replayAll replays files once, to the end.
func replayAll(t *testing.T, cfg *Config, next consumer.Logs, host component.Host) *env {
	t.Helper()
	cfg.ExitWhenDone = true
	e := start(t, cfg, next, host)
	select {
	case <-e.exited:
	case <-time.After(patience):
		require.Fail(t, "the replay does not end", "%v", e.observed.All())
	}
	return e
}

var (
	_ receiver.Logs = (*fileReceiver)(nil)
	_ consumer.Logs = (*consumertest.LogsSink)(nil)
)

func tracePath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "node.1700000000.sf")
}

func nopHost() component.Host { return componenttest.NewNopHost() }
