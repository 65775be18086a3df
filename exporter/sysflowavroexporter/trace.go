package sysflowavroexporter

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// trace is one trace file while it is written. What was committed is on the file
// in whole blocks and stays; what was written since can be taken back.
type trace struct {
	path      string // of the complete file
	sink      sink
	writer    *avro.Writer
	opened    time.Time
	committed int64 // bytes
	records   int64 // committed, without the header
	pending   written
}

// written is what a batch has added to a file.
type written struct {
	records recordCounts
	// unwritable are those that the file's version of the schema does not have.
	unwritable recordCounts
	bytes      int64
}

// openTrace creates the temporary file of a trace.
func openTrace(path string, mode fs.FileMode, opts avro.WriterOptions, now time.Time) (*trace, error) {
	f, err := os.OpenFile(path+tmpSuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	t := &trace{path: path, sink: sink{f: f}, opened: now}
	if err := t.begin(opts); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return t, nil
}

func (t *trace) begin(opts avro.WriterOptions) error {
	if locked, err := tryLock(t.sink.f); err != nil {
		return err
	} else if !locked {
		return fmt.Errorf("%s: is being written by another exporter", t.sink.f.Name())
	}
	w, err := avro.NewWriter(&t.sink, opts)
	if err != nil {
		return err
	}
	t.writer = w
	return nil
}

// write adds a record to the batch.
func (t *trace) write(rec sysflow.Record) error {
	unwritable := t.writer.Unwritable()
	if err := t.writer.Write(rec); err != nil {
		return err
	}
	if t.writer.Unwritable() > unwritable {
		t.pending.unwritable[rec.Kind()]++
	} else {
		t.pending.records[rec.Kind()]++
	}
	return nil
}

// ioError returns the error that keeps the file from growing, if there is one.
// Any other error of write concerns just the record.
func (t *trace) ioError() error { return t.sink.err }

// commit ends the block: from now on the batch belongs to the file. It returns
// what it has added.
func (t *trace) commit() (written, error) {
	if err := t.writer.Flush(); err != nil {
		return written{}, err
	}
	added := t.pending
	added.bytes = t.sink.size - t.committed
	t.pending, t.committed = written{}, t.sink.size
	for kind, n := range added.records {
		if sysflow.Kind(kind) != sysflow.KindHeader {
			t.records += n
		}
	}
	return added, nil
}

// complete takes back what was not committed and gives the file its final name,
// after everything in it has reached the disk. A file without records is
// removed; complete reports whether there is one.
func (t *trace) complete() (bool, error) {
	f := t.sink.f
	if t.records == 0 {
		return false, errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if t.sink.size > t.committed {
		if err := f.Truncate(t.committed); err != nil {
			return false, errors.Join(err, f.Close())
		}
	}
	if err := f.Sync(); err != nil {
		return false, errors.Join(err, f.Close())
	}
	// The rename comes before Close, which gives up the lock.
	err := publish(f.Name(), t.path)
	return err == nil, errors.Join(err, f.Close())
}

// publish renames a file whose content is on the disk, and never replaces another.
func publish(tmp, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("completing %s: %w", path, fs.ErrExist)
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// sink remembers the size of the file and the first error, after which it takes
// nothing more: a gap would make the rest of the file unreadable.
type sink struct {
	f    *os.File
	size int64
	err  error
}

var _ io.Writer = (*sink)(nil)

func (s *sink) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.f.Write(p)
	s.size += int64(n)
	s.err = err
	return n, err
}
