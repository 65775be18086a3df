package sysflowavroexporter

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"
)

// tickInterval is how often files are looked at that no data comes for.
const tickInterval = time.Second

// recoverDelay is the pause before a file is looked at again that could not be
// completed.
const recoverDelay = time.Minute

// warnInterval is the least time between two warnings about failed writes. While a
// disk is full, every attempt fails.
const warnInterval = 10 * time.Second

type avroExporter struct {
	cfg       *Config
	naming    *naming
	logger    *zap.Logger
	telemetry *telemetry
	dir       string // absolute

	mu        sync.Mutex // guards everything below
	nodes     *nodes
	epoch     int64          // of the file names in used
	used      map[string]int // how many names were made from a name
	recoverAt time.Time      // when to try again what could not be completed, zero for never
	warnedAt  time.Time      // the last warning about a failed write

	warnedUnwritable bool // of events that the version of the schema does not have

	stop    context.CancelFunc
	stopped sync.WaitGroup
}

func newAvroExporter(cfg *Config, set component.TelemetrySettings) (*avroExporter, error) {
	naming, err := newNaming(cfg.Filename)
	if err != nil {
		return nil, fmt.Errorf("filename: %w", err)
	}
	dir, err := filepath.Abs(cfg.Directory)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	telemetry, err := newTelemetry(set)
	if err != nil {
		return nil, err
	}
	return &avroExporter{
		cfg:       cfg,
		naming:    naming,
		logger:    set.Logger,
		telemetry: telemetry,
		dir:       dir,
		nodes:     newNodes(),
		used:      make(map[string]int),
	}, nil
}

// start completes what a crash left behind and begins to watch the clock.
func (e *avroExporter) start(context.Context, component.Host) error {
	if err := prepareDirectory(e.dir); err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.recoverLeftovers()
	e.retain(time.Now())

	ctx, cancel := context.WithCancel(context.Background())
	e.stop = cancel
	e.stopped.Go(func() { e.watch(ctx) })
	return nil
}

// prepareDirectory creates the directory and finds out whether files can be
// created in it. That a disk is full is no reason not to start.
func prepareDirectory(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".sysflow-*")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("cannot create files in it: %w", err)
	}
	if err != nil {
		return nil // comes again, and is retried, with the first batch
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// shutdown completes all files. The queue is empty by now.
func (e *avroExporter) shutdown(context.Context) error {
	if e.stop != nil {
		e.stop()
		e.stopped.Wait()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for n := range e.nodes.all {
		errs = append(errs, e.close(n, reasonShutdown))
	}
	e.telemetry.builder.Shutdown()
	return errors.Join(errs...)
}

// watch completes files whose time has come while no data comes.
func (e *avroExporter) watch(ctx context.Context) {
	ticker := time.NewTicker(tickInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			e.tick(now)
		}
	}
}

func (e *avroExporter) tick(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for n := range e.nodes.all {
		e.rotate(n, now)
	}
	if !e.recoverAt.IsZero() && now.After(e.recoverAt) {
		e.recoverAt = time.Time{}
		e.recoverLeftovers()
	}
	if e.cfg.Retention.MaxAge > 0 {
		e.retain(now)
	}
}
