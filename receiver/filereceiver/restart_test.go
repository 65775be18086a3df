package filereceiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// storageHost returns a host whose storage outlives receivers, and sets the
// configuration to use it.
func storageHost(t *testing.T, cfg *Config) component.Host {
	t.Helper()
	id := storagetest.NewStorageID("positions")
	cfg.StorageID = &id
	return storagetest.NewStorageHost().WithFileBackedStorageExtension("positions", t.TempDir())
}

// acceptUntil returns a sink that accepts n batches and holds up the next one, and a
// channel that is closed when that happens.
func acceptUntil(n int) (next *sink, full chan struct{}) {
	full = make(chan struct{})
	return &sink{refuse: func(call int, _ plog.Logs) error {
		if call == n+1 {
			close(full)
		}
		if call > n {
			return errors.New("full")
		}
		return nil
	}}, full
}

// TestRestart stops a replay in the middle of a file, again and again: together the
// runs deliver every event once, each with its process, container and file.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	var want []sysflow.Record
	var wantContexts []string
	for i := range 2 {
		records := generate(uint64(i), 2000)
		writeTrace(t, filepath.Join(dir, fmt.Sprintf("node.170000000%d.sf", i)), records)
		want = append(want, eventsOf(records)...)
		wantContexts = append(wantContexts, contextsOf(records)...)
	}
	cfg := config(dir)
	host := storageHost(t, cfg)
	var got []sysflow.Record
	var gotContexts []string
	runs := 0
	for ; len(got) < len(want); runs++ {
		require.Less(t, runs, 100)
		next, full := acceptUntil(3)
		cfg.ExitWhenDone = true
		r := start(t, cfg, next, host)
		select {
		case <-full:
		case <-r.exited:
		case <-t.Context().Done():
		}
		require.NoError(t, r.Shutdown(t.Context()))
		got = append(got, next.events(t)...)
		gotContexts = append(gotContexts, next.contexts(t)...)
	}
	if assertEvents(t, want, got) {
		assert.Equal(t, wantContexts, gotContexts)
	}
	assert.Greater(t, runs, 5, "the replay was not interrupted")

	next := &sink{}
	replayAll(t, cfg, next, host)
	assert.Empty(t, next.logs, "everything was replayed before")
}

// TestRestartAfterRename: a file is known by what it is, not by its name; a copy is another file.
func TestRestartAfterRename(t *testing.T) {
	records := generate(3, 300)
	path := tracePath(t)
	writeTrace(t, path, records)
	cfg := config(filepath.Dir(path))
	host := storageHost(t, cfg)
	next := &sink{}
	first := replayAll(t, cfg, next, host)
	require.NoError(t, first.Shutdown(t.Context()))
	assertEvents(t, eventsOf(records), next.events(t))

	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.Rename(path, path+".old"))
	next = &sink{}
	second := replayAll(t, cfg, next, host)
	require.NoError(t, second.Shutdown(t.Context()))
	assert.Empty(t, next.logs)

	require.NoError(t, os.WriteFile(path, data, 0o600))
	replayAll(t, cfg, next, host)
	assertEvents(t, eventsOf(records), next.events(t))
}

func TestRefusedRecordsAreCountedAndLeft(t *testing.T) {
	records := generate(1, 1000)
	path := tracePath(t)
	writeTrace(t, path, records)
	cfg := config(path)
	cfg.DeleteAfterRead = true
	lost := 0
	next := &sink{refuse: func(call int, ld plog.Logs) error {
		if call == 2 {
			lost = ld.LogRecordCount()
			return consumererror.NewPermanent(errors.New("too odd"))
		}
		return nil
	}}
	e := replayAll(t, cfg, next, nopHost())
	require.Positive(t, lost)
	assert.Less(t, len(next.events(t)), len(eventsOf(records)))
	dropped, err := e.telemetry.GetMetric("otelcol_sysflow_replay_log_records_dropped")
	require.NoError(t, err)
	assertSum(t, int64(lost), dropped)
	assert.FileExists(t, path, "a trace that was not delivered whole is kept")
}

func TestStorageErrors(t *testing.T) {
	missing := storagetest.NewStorageID("missing")
	other := storagetest.NewNonStorageID("other")
	for name, tt := range map[string]struct {
		id   component.ID
		want string
	}{
		"missing":    {missing, `storage: there is no extension "test_storage/missing"`},
		"no storage": {other, `storage: extension "non_storage/other" is not a storage`},
	} {
		t.Run(name, func(t *testing.T) {
			host := storagetest.NewStorageHost().WithNonStorageExtension("other")
			_, err := openPositions(context.Background(), host, &tt.id, component.MustNewID("file"))
			require.ErrorContains(t, err, tt.want)
		})
	}
}
