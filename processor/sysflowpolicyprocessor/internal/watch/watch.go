// Package watch notices that files may have changed: by what the system reports of their
// folders, and by the clock where it reports nothing, as on network file systems.
package watch

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/zap"
)

// Watcher calls Changed when files that Patterns name may have changed. Folders are
// watched rather than files: editors put a new file in the place of the old one, and
// Kubernetes turns a link (..data) beside it.
type Watcher struct {
	// Patterns are files, globs and folders.
	Patterns []string
	// Debounce is how long nothing must happen before Changed is called.
	Debounce time.Duration
	// Poll is how often Changed is called though nothing was reported, 0 for never.
	Poll    time.Duration
	Changed func()
	Logger  *zap.Logger

	system *fsnotify.Watcher
}

// Open begins to watch. Where the system cannot report changes, the clock must do.
func (w *Watcher) Open() {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		w.Logger.Warn("Changes of rule files are not reported by the system, they are looked for from time to time",
			zap.Duration("poll_interval", w.Poll), zap.Error(err))
		return
	}
	w.system = system
	w.follow()
}

// follow watches the folders that matter now, and no others any more.
func (w *Watcher) follow() {
	now := folders(w.Patterns)
	for _, dir := range w.system.WatchList() {
		if _, matters := slices.BinarySearch(now, filepath.Clean(dir)); !matters {
			_ = w.system.Remove(dir) // fails if the system ended it meanwhile
		}
	}
	for _, dir := range now {
		if err := w.system.Add(dir); err != nil {
			w.Logger.Debug("Folder not watched", zap.String("folder", dir), zap.Error(err))
		}
	}
}

// Run calls Changed until ctx is done.
func (w *Watcher) Run(ctx context.Context) {
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.system != nil {
		defer func() { _ = w.system.Close() }()
		events, failures = w.system.Events, w.system.Errors
	}
	var poll <-chan time.Time
	if w.Poll > 0 {
		ticker := time.NewTicker(w.Poll)
		defer ticker.Stop()
		poll = ticker.C
	}
	d := newDebounce(w.Debounce)
	defer d.timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if e.Op != fsnotify.Chmod { // reading changes the access time
				d.event()
			}
		case err := <-failures: // events were lost
			w.Logger.Debug("Changes of rule files missed", zap.Error(err))
			d.event()
		case <-d.timer.C:
			d.pending = false
			w.changed()
		case <-poll:
			w.changed()
		}
	}
}

// changed follows new folders first, so that nothing happens unseen after the look.
func (w *Watcher) changed() {
	if w.system != nil {
		w.follow()
	}
	w.Changed()
}
