package filereceiver

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// follow starts a receiver that follows a directory.
func follow(t *testing.T, dir string, settle time.Duration, next *sink) *env {
	t.Helper()
	cfg := config(dir)
	cfg.Mode, cfg.SettleTime = ModeFollow, settle
	return start(t, cfg, next, nopHost())
}

// eventually waits until the sink has got these events and flows.
func (s *sink) eventually(t *testing.T, want []sysflow.Record) {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.events(t)) >= len(want) }, patience, tick)
	require.True(t, assertEvents(t, want, s.events(t)))
}

// age sets a file's time of modification back.
func age(t *testing.T, path string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	require.NoError(t, os.Chtimes(path, at, at))
}

func TestFollow(t *testing.T) {
	dir := t.TempDir()
	var want []sysflow.Record
	next := &sink{}
	follow(t, dir, 0, next)
	for i := range 4 {
		records := generate(uint64(i), 400)
		want = append(want, eventsOf(records)...)
		writeTrace(t, filepath.Join(dir, fmt.Sprintf("node.170000000%d.sf", i)), records)
		next.eventually(t, want)
	}
}

// TestFollowLeavesUnfinishedFiles: writers without temporary names have the newest file open.
func TestFollowLeavesUnfinishedFiles(t *testing.T) {
	dir := t.TempDir()
	older, newer := generate(1, 300), generate(2, 300)
	// The unfinished file sorts before the finished one, so that it would be delivered first.
	open, done := filepath.Join(dir, "a.1700000001"), filepath.Join(dir, "b.1700000002")
	writeTrace(t, open, older)
	writeTrace(t, done, newer)
	age(t, done, time.Hour)
	next := &sink{}
	follow(t, dir, 10*time.Minute, next)
	next.eventually(t, eventsOf(newer))

	writeTrace(t, filepath.Join(dir, "a.1700000009"), generate(3, 300)) // the writer goes on there
	next.eventually(t, append(eventsOf(newer), eventsOf(older)...))
}

// TestFollowGrowingFile: a file that was taken for finished too early is read on
// from where it was left, in the middle of a block or behind one.
func TestFollowGrowingFile(t *testing.T) {
	records := generate(1, 3000)
	whole := encodeTrace(t, records)
	path := tracePath(t)
	next := &sink{}
	require.NoError(t, os.WriteFile(path, whole[:100], 0o600)) // not even the header
	e := follow(t, filepath.Dir(path), 0, next)
	require.Eventually(t, func() bool {
		return e.observed.FilterMessageSnippet("waiting for the rest").Len() > 0
	}, patience, tick)

	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	written := 100
	for _, share := range []int{3, 2, 1} {
		upTo := len(whole) / share
		before := len(next.events(t))
		_, err = f.Write(whole[written:upTo])
		require.NoError(t, err)
		written = upTo
		require.Eventually(t, func() bool { return len(next.events(t)) > before }, patience, tick)
	}
	require.NoError(t, f.Close())
	next.eventually(t, eventsOf(records))
	assert.Zero(t, e.observed.FilterMessageSnippet("cannot be read").Len())
}

// TestFollowTruncatedFile: once the writer has gone on to another file, what is
// missing will not come any more.
func TestFollowTruncatedFile(t *testing.T) {
	dir := t.TempDir()
	whole := encodeTrace(t, generate(1, 1000))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "node.1"), whole[:len(whole)-100], 0o600))
	next := &sink{}
	e := follow(t, dir, 0, next)
	require.Eventually(t, func() bool {
		return e.observed.FilterMessageSnippet("waiting for the rest").Len() > 0
	}, patience, tick)
	got := next.events(t)
	assert.Zero(t, e.observed.FilterMessageSnippet("cannot be read").Len())

	records := generate(2, 300)
	writeTrace(t, filepath.Join(dir, "node.2"), records)
	next.eventually(t, append(got, eventsOf(records)...))
	assert.Equal(t, 1, e.observed.FilterMessageSnippet("cannot be read to its end").Len())
}
