package filereceiver

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

func TestShutdownWithoutStartAndTwice(t *testing.T) {
	r, err := newFileReceiver(receivertest.NewNopSettings(metadata.Type), config("x"), consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, r.Shutdown(t.Context()))
	require.NoError(t, r.Start(t.Context(), nopHost()))
	require.NoError(t, r.Shutdown(t.Context()))
	require.NoError(t, r.Shutdown(t.Context()))
}

// TestStartContextDoesNotEndTheReplay: it is for the start only.
func TestStartContextDoesNotEndTheReplay(t *testing.T) {
	path := tracePath(t)
	records := generate(1, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	next := &sink{refuse: func(int, plog.Logs) error {
		cancel()
		return nil
	}}
	r, err := newFileReceiver(receivertest.NewNopSettings(metadata.Type), config(path), next)
	require.NoError(t, err)
	writeTrace(t, path, records)
	require.NoError(t, r.Start(ctx, nopHost()))
	next.eventually(t, eventsOf(records))
	require.NoError(t, r.Shutdown(t.Context()))
}

// blocked is a pipeline that holds every batch until it is told to let go.
type blocked struct {
	consumertest.LogsSink
	entered chan struct{}
}

func (b *blocked) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	close(b.entered)
	<-ctx.Done()
	return ctx.Err()
}

func TestShutdownWithBlockedPipeline(t *testing.T) {
	path := tracePath(t)
	writeTrace(t, path, generate(1, 1000))
	next := &blocked{entered: make(chan struct{})}
	r, err := newFileReceiver(receivertest.NewNopSettings(metadata.Type), config(path), next)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), nopHost()))
	<-next.entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // no patience at all
	_ = r.Shutdown(ctx)
	require.NoError(t, r.Shutdown(t.Context()))
}

func TestQuarantineDirectoryIsMade(t *testing.T) {
	dir := t.TempDir()
	cfg := config(filepath.Join(dir, "traces"))
	cfg.QuarantineDirectory = filepath.Join(dir, "a", "b")
	start(t, cfg, &sink{}, nopHost())
	assert.DirExists(t, cfg.QuarantineDirectory)

	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	cfg.QuarantineDirectory = filepath.Join(file, "sub")
	r, err := newFileReceiver(receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.ErrorContains(t, r.Start(t.Context(), nopHost()), "quarantine_directory: ")
}
