package filereceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"go.uber.org/zap"
)

// cannotRead reports a file that the system does not let us read, once for each reason.
// That says nothing about the trace, so it is tried again.
func (p *replay) cannotRead(ctx context.Context, c *candidate, err error) seenFile {
	s := seenFile{stamp: c.stamp(), trouble: err.Error()}
	if ctx.Err() == nil && p.seen[c.Path].trouble != s.trouble {
		p.failed++
		p.meter.fileFailed(ctx, err)
		p.logger.Error("Trace cannot be read", zap.Error(err))
	}
	return s
}

// giveUp reports a file that cannot be read to its end and sets it aside.
func (p *replay) giveUp(ctx context.Context, t *trace, err error) {
	p.failed++
	p.meter.fileFailed(ctx, err)
	t.pos.Size, t.pos.Error = t.size, err.Error()
	p.save(ctx, t)
	fields := []zap.Field{zap.String("path", t.path), zap.Int64("records_replayed", t.pos.Records), zap.Error(err)}
	if dir := p.cfg.QuarantineDirectory; dir != "" {
		target, moveErr := moveInto(dir, t.path)
		if moveErr != nil {
			fields = append(fields, zap.NamedError("quarantine_error", moveErr))
		} else {
			fields = append(fields, zap.String("moved_to", target))
		}
	}
	p.logger.Error("Trace cannot be read to its end, the rest is left out", fields...)
}

// remove deletes a file that was replayed, if that is wanted and nothing of it is missing.
// It reports whether the file is gone.
func (p *replay) remove(ctx context.Context, t *trace) bool {
	if !p.cfg.DeleteAfterRead {
		return false
	}
	if t.pos.Refused > 0 {
		p.logger.Warn("Trace is kept, as the pipeline refused some of its records",
			zap.String("path", t.path), zap.Int64("log_records_refused", t.pos.Refused))
		return false
	}
	if !t.unchanged() {
		return false // it has grown: there is more to replay first
	}
	if err := os.Remove(t.path); err != nil {
		p.logger.Error("Trace cannot be deleted", zap.Error(err))
		return false
	}
	p.reportStorage(p.positions.forget(ctx, t.id))
	return true
}

// unchanged reports whether the path still leads to the file as it was replayed.
func (t *trace) unchanged() bool {
	opened, err := t.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(t.path)
	return err == nil && os.SameFile(opened, named) && named.Size() == t.pos.Size
}

// moveInto moves a file into a directory, under another name if its own is taken.
func moveInto(dir, path string) (string, error) {
	name := filepath.Base(path)
	for i := 1; ; i++ {
		target := filepath.Join(dir, name)
		_, err := os.Lstat(target)
		if errors.Is(err, fs.ErrNotExist) {
			return target, move(path, target)
		}
		if err != nil {
			return "", err
		}
		name = fmt.Sprintf("%s.%d", filepath.Base(path), i)
	}
}

// move renames a file, or copies and deletes it if the target is on another file system.
func move(path, target string) error {
	if err := os.Rename(path, target); !errors.Is(err, syscall.EXDEV) {
		return err
	}
	if err := copyFile(path, target); err != nil {
		_ = os.Remove(target) // half a copy is worth nothing, and the file is still there
		return err
	}
	return os.Remove(path)
}

// copyFile makes a file that no more users can read than the one that it copies.
func copyFile(path, target string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	return out.Close()
}
