package sysflowavroexporter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// open begins a file for a node, which describes every entity anew.
func (e *avroExporter) open(n *node, now time.Time) error {
	// Whoever empties the directory may remove it as well.
	if err := os.MkdirAll(e.dir, 0o750); err != nil {
		return err
	}
	opts := avro.WriterOptions{Version: e.cfg.SchemaVersion, Codec: e.cfg.Codec, BlockSize: e.cfg.BlockSize}
	for {
		path := filepath.Join(e.dir, e.newName(n.key, now))
		if _, err := os.Lstat(path); err == nil {
			continue
		}
		t, err := openTrace(path, fs.FileMode(e.cfg.FileMode), opts, now)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		n.trace = t
		n.ledger.NewFile()
		e.telemetry.opened(1)
		return nil
	}
}

// newName returns a name that it has not returned before. Looking at the directory
// alone would not do: files leave it, and a name that comes back would break
// the order of files.
func (e *avroExporter) newName(key nodeKey, now time.Time) string {
	if e.epoch != now.Unix() {
		e.epoch = now.Unix()
		clear(e.used)
	}
	first := e.naming.expand(key, now, 0)
	attempt := e.used[first]
	e.used[first] = attempt + 1
	return e.naming.expand(key, now, attempt)
}

// rotate completes the file of a node that is old or large enough.
func (e *avroExporter) rotate(n *node, now time.Time) {
	t, r := n.trace, e.cfg.Rotation
	switch {
	case t == nil:
	case r.Interval > 0 && now.Sub(t.opened) >= r.Interval:
		_ = e.close(n, reasonInterval) // logged and counted there
	case r.MaxSize > 0 && t.committed >= r.MaxSize:
		_ = e.close(n, reasonMaxSize)
	}
}

// close completes the file of a node. When that fails, the file stays a
// temporary one, and is looked at again after recoverDelay.
func (e *avroExporter) close(n *node, why reason) error {
	t := n.trace
	if t == nil {
		return nil
	}
	n.trace = nil
	e.telemetry.opened(-1)
	kept, err := t.complete()
	if err != nil {
		e.recoverAt = time.Now().Add(recoverDelay)
		e.telemetry.failed(opComplete)
		e.logger.Error("Cannot complete a trace file, trying again later", zap.String("file", t.path), zap.Error(err))
		return err
	}
	if kept {
		e.telemetry.completed(why)
		e.logger.Debug("Completed a trace file", zap.String("file", t.path),
			zap.String("reason", string(why)), zap.Int64("records", t.records), zap.Int64("bytes", t.committed))
		e.retain(time.Now())
	}
	return nil
}
