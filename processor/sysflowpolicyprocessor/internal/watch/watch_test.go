package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patienceOfTest = 20 * time.Second

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func link(t *testing.T, target, path string) {
	t.Helper()
	require.NoError(t, os.Symlink(target, path))
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	at := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	write(t, at("rules", "a.yaml"), "")
	write(t, at("rules", "sub", "deep", "b.yaml"), "")
	write(t, at("map", "..1", "c.yaml"), "")
	link(t, "..1", at("map", "..data"))
	link(t, filepath.Join("..data", "c.yaml"), at("map", "c.yaml"))
	link(t, "rules", at("link"))
	require.NoError(t, os.Mkdir(at("versions"), 0o755))
	link(t, filepath.Join("..", "rules"), at("versions", "current"))
	link(t, "ring2", at("ring1"))
	link(t, "ring1", at("ring2"))

	tests := map[string]struct {
		pattern string
		want    []string
	}{
		"file":          {at("rules", "a.yaml"), []string{at("rules")}},
		"missing file":  {at("rules", "new.yaml"), []string{at("rules")}},
		"folder":        {at("rules"), []string{dir, at("rules"), at("rules", "sub"), at("rules", "sub", "deep")}},
		"linked folder": {at("link"), []string{dir, at("rules"), at("rules", "sub"), at("rules", "sub", "deep")}},
		"glob":          {at("rules", "*.yaml"), []string{at("rules")}},
		"empty glob":    {at("rules", "*.yml"), []string{at("rules")}},
		"glob of folders": {
			at("r*", "sub", "deep", "*.yaml"), []string{dir, at("rules", "sub", "deep")},
		},
		"file of a ConfigMap": {at("map", "c.yaml"), []string{at("map"), at("map", "..1")}},
		"link in the middle":  {at("versions", "current", "sub", "deep", "b.yaml"), []string{at("rules", "sub", "deep"), at("versions")}},
		"glob behind a link":  {at("versions", "current", "*.yaml"), []string{at("rules"), at("versions")}},
		"up behind a link":    {at("versions", "current") + "/../rules/a.yaml", []string{at("rules"), at("versions")}},
		"a ConfigMap":         {at("map"), []string{dir, at("map"), at("map", "..1")}},
		"ring of links":       {at("ring1"), []string{dir}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, folders([]string{tt.pattern}))
		})
	}
}

// start watches and returns where changes are told.
func start(t *testing.T, w *Watcher) <-chan struct{} {
	t.Helper()
	changed := make(chan struct{}, 100)
	w.Changed = func() { changed <- struct{}{} }
	w.Logger = zap.NewNop()
	ctx, cancel := context.WithCancel(context.Background())
	w.Open()
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return changed
}

func await(t *testing.T, changed <-chan struct{}) {
	t.Helper()
	select {
	case <-changed:
	case <-time.After(patienceOfTest):
		t.Fatal("the change was not noticed")
	}
}

func TestChanges(t *testing.T) {
	tests := map[string]func(t *testing.T, dir string){
		"written": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.yaml"), "new") },
		"replaced, as editors do": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "a.yaml~"), "new")
			require.NoError(t, os.Rename(filepath.Join(dir, "a.yaml~"), filepath.Join(dir, "a.yaml")))
		},
		"removed":      func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "a.yaml"))) },
		"another file": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "b.yaml"), "new") },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "a.yaml"), "old")
			changed := start(t, &Watcher{Patterns: []string{filepath.Join(dir, "*.yaml")}, Debounce: time.Millisecond})
			change(t, dir)
			await(t, changed)
		})
	}
}

// A link in the middle of the path is turned to another version of the rules, twice.
func TestLinkInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"1", "2", "3"} {
		write(t, filepath.Join(dir, version, "rules", "a.yaml"), version)
	}
	link(t, "1", filepath.Join(dir, "current"))
	changed := start(t, &Watcher{Patterns: []string{filepath.Join(dir, "current", "rules", "a.yaml")}, Debounce: time.Millisecond})
	for _, version := range []string{"2", "3"} {
		link(t, version, filepath.Join(dir, "new"))
		require.NoError(t, os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "current")))
		await(t, changed)
	}
}

// A mounted ConfigMap is changed by turning one link, twice here: the first turn must not
// leave the watcher with a folder that is gone.
func TestConfigMap(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "..1", "a.yaml"), "1")
	link(t, "..1", filepath.Join(dir, "..data"))
	link(t, filepath.Join("..data", "a.yaml"), filepath.Join(dir, "a.yaml"))
	changed := start(t, &Watcher{Patterns: []string{filepath.Join(dir, "a.yaml")}, Debounce: time.Millisecond})
	for _, version := range []string{"..2", "..3"} {
		write(t, filepath.Join(dir, version, "a.yaml"), version)
		link(t, version, filepath.Join(dir, "..data_tmp"))
		require.NoError(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
		require.Eventually(t, func() bool {
			await(t, changed)
			text, err := os.ReadFile(filepath.Join(dir, "a.yaml"))
			return err == nil && string(text) == version
		}, patienceOfTest, time.Millisecond)
	}
}

func TestNewFolders(t *testing.T) {
	dir := t.TempDir()
	changed := start(t, &Watcher{Patterns: []string{dir}, Debounce: time.Millisecond})
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	await(t, changed)
	write(t, filepath.Join(dir, "sub", "a.yaml"), "new")
	await(t, changed)
}

// A link that is turned leads to another folder: the one before is left.
func TestFoldersThatMatterNoMore(t *testing.T) {
	dir := t.TempDir()
	for _, version := range []string{"1", "2"} {
		write(t, filepath.Join(dir, "versions", version, "a.yaml"), version)
	}
	rules := filepath.Join(dir, "rules")
	link(t, filepath.Join("versions", "1"), rules)
	w := &Watcher{Patterns: []string{rules}, Logger: zap.NewNop()}
	w.Open()
	defer func() { require.NoError(t, w.system.Close()) }()
	assert.Contains(t, w.system.WatchList(), filepath.Join(dir, "versions", "1"))

	require.NoError(t, os.Remove(rules))
	link(t, filepath.Join("versions", "2"), rules)
	w.follow()
	assert.ElementsMatch(t, folders([]string{rules}), w.system.WatchList())
	assert.NotContains(t, w.system.WatchList(), filepath.Join(dir, "versions", "1"))
}

func TestPollsWhereNothingIsReported(t *testing.T) {
	changed := start(t, &Watcher{Patterns: []string{filepath.Join(t.TempDir(), "none", "a.yaml")}, Poll: time.Millisecond})
	await(t, changed)
	await(t, changed)
}

func TestDebounceGivesUpWaitingForQuiet(t *testing.T) {
	d := newDebounce(time.Hour)
	defer d.timer.Stop()
	d.event()
	require.True(t, d.pending)
	first := d.since
	d.event()
	assert.Equal(t, first, d.since, "the wait counts from the first event")

	d.quiet = time.Nanosecond
	d.timer.Reset(time.Nanosecond)
	<-d.timer.C
	d.event() // late by far: must not start the timer again
	select {
	case <-d.timer.C:
		t.Fatal("the timer was started again")
	default:
	}
}
