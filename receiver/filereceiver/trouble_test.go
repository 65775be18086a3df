package filereceiver

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// flakyStorage fails to read or write positions for a while.
type flakyStorage struct {
	storage.Extension
	storage.Client
	reads, writes atomic.Bool // fail
}

var errFlaky = errors.New("the storage is not there right now")

func (f *flakyStorage) Start(context.Context, component.Host) error { return nil }
func (f *flakyStorage) Shutdown(context.Context) error              { return nil }

func (f *flakyStorage) GetClient(_ context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	f.Client = storagetest.NewInMemoryClient(kind, id, name)
	return f, nil
}

func (f *flakyStorage) Get(ctx context.Context, key string) ([]byte, error) {
	if f.reads.Load() {
		return nil, errFlaky
	}
	return f.Client.Get(ctx, key)
}

func (f *flakyStorage) Set(ctx context.Context, key string, value []byte) error {
	if f.writes.Load() {
		return errFlaky
	}
	return f.Client.Set(ctx, key, value)
}

func startWithFlakyStorage(t *testing.T, dir string, next *sink) (*flakyStorage, *env) {
	t.Helper()
	id := storagetest.NewStorageID("flaky")
	store := &flakyStorage{}
	cfg := config(dir)
	cfg.Mode, cfg.SettleTime, cfg.StorageID = ModeFollow, 0, &id
	return store, start(t, cfg, next, storagetest.NewStorageHost().WithExtension(id, store))
}

// TestReadErrorsAreRetried: that a file cannot be read now says nothing about it.
func TestReadErrorsAreRetried(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	store, e := startWithFlakyStorage(t, dir, next)
	store.reads.Store(true)
	records := generate(1, 500)
	writeTrace(t, filepath.Join(dir, "node.1.sf"), records)
	reported := func() int { return e.observed.FilterMessageSnippet("cannot be read").Len() }
	require.Eventually(t, func() bool { return reported() > 0 }, patience, tick)
	assert.Empty(t, next.events(t))
	store.reads.Store(false)
	next.eventually(t, eventsOf(records))
	assert.Equal(t, 1, reported(), "reported at each attempt")
}

// TestWriteErrorsDoNotStopTheReplay: they are reported, but the records go on.
func TestWriteErrorsDoNotStopTheReplay(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	store, e := startWithFlakyStorage(t, dir, next)
	store.writes.Store(true)
	records := generate(1, 2000)
	writeTrace(t, filepath.Join(dir, "node.1.sf"), records)
	next.eventually(t, eventsOf(records))
	require.Eventually(t, func() bool {
		return e.observed.FilterMessageSnippet("Trace replayed").Len() == 1
	}, patience, tick)
	assert.Equal(t, 1, e.observed.FilterMessageSnippet("Positions are not kept").Len(), "reported at each batch")
}
