package filereceiver

import (
	"errors"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/storagetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// stored opens positions over a storage that outlives them.
func stored(t *testing.T, dir string) *positions {
	t.Helper()
	id := storagetest.NewStorageID("positions")
	host := storagetest.NewStorageHost().WithFileBackedStorageExtension("positions", dir)
	p, err := openPositions(t.Context(), host, &id, component.MustNewID("file"))
	require.NoError(t, err)
	return p
}

func TestPositionsOutliveARestart(t *testing.T) {
	ctx, dir, now := t.Context(), t.TempDir(), time.Now()
	kept := position{Path: "a", Records: 7, Size: 9}

	p := stored(t, dir)
	require.NoError(t, p.set(ctx, "kept", kept))
	require.NoError(t, p.set(ctx, "gone", position{Path: "b", Records: 1}))
	require.NoError(t, p.set(ctx, "deleted", position{Path: "c", Records: 1}))
	require.NoError(t, p.sweep(ctx, map[string]bool{"kept": true, "gone": true, "deleted": true}, now))
	require.NoError(t, p.forget(ctx, "deleted"))
	require.NoError(t, p.close(ctx))

	p = stored(t, dir)
	for id, want := range map[string]position{"kept": kept, "gone": {Path: "b", Records: 1}, "deleted": {}, "new": {}} {
		got, err := p.get(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, want, got, id)
	}
	// "gone" is not found any more, but may come back for a while.
	require.NoError(t, p.sweep(ctx, map[string]bool{"kept": true}, now.Add(forgetAfter/2)))
	got, err := p.get(ctx, "gone")
	require.NoError(t, err)
	assert.Equal(t, int64(1), got.Records)
	require.NoError(t, p.sweep(ctx, map[string]bool{"kept": true}, now.Add(forgetAfter+time.Minute)))
	require.NoError(t, p.close(ctx))

	p = stored(t, dir)
	got, err = p.get(ctx, "gone")
	require.NoError(t, err)
	assert.Zero(t, got)
	got, err = p.get(ctx, "kept")
	require.NoError(t, err)
	assert.Equal(t, kept, got)
	require.NoError(t, p.close(ctx))
}

func TestPositionsWithoutStorage(t *testing.T) {
	p, err := openPositions(t.Context(), nopHost(), nil, component.MustNewID("file"))
	require.NoError(t, err)
	require.NoError(t, p.set(t.Context(), "a", position{Records: 3}))
	got, err := p.get(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, int64(3), got.Records)
}

func TestPositionsReportStorageErrors(t *testing.T) {
	ctx := t.Context()
	p := stored(t, t.TempDir())
	require.NoError(t, p.close(ctx)) // from now on the storage fails
	_, err := p.get(ctx, "a")
	require.ErrorContains(t, err, "reading a position from the storage")
	require.ErrorContains(t, p.set(ctx, "a", position{Records: 3}), "writing a position to the storage")
	require.ErrorContains(t, p.sweep(ctx, nil, time.Now()), "writing the index")
	require.ErrorContains(t, p.forget(ctx, "b"), "deleting a position")
	got, err := p.get(ctx, "a")
	require.NoError(t, err)
	assert.Equal(t, int64(3), got.Records, "the memory goes on without the storage")
}

func TestBadIndexIsReported(t *testing.T) {
	dir := t.TempDir()
	p := stored(t, dir)
	require.NoError(t, p.client.Batch(t.Context(), storage.SetOperation(indexKey, []byte("{"))))
	require.NoError(t, p.close(t.Context()))
	id := storagetest.NewStorageID("positions")
	host := storagetest.NewStorageHost().WithFileBackedStorageExtension("positions", dir)
	_, err := openPositions(t.Context(), host, &id, component.MustNewID("file"))
	require.ErrorContains(t, err, "reading the index of positions")
	require.Error(t, errors.Unwrap(err))
}
