package input

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
)

// Reader reads a File.
type Reader struct {
	file *os.File
	keep bool // standard input stays open
	// before is called ahead of every read that may have to wait.
	before func() error
	waits  bool
	total  *atomic.Int64
}

// Open opens f. The bytes read are added to total; before is called ahead of every
// read from something that is no regular file (a pipe, a terminal), which may
// wait for a long time.
func Open(f File, stdin *os.File, total *atomic.Int64, before func() error) (*Reader, error) {
	file := stdin
	if f.Path != Stdin {
		var err error
		file, err = os.Open(f.Path)
		if errors.Is(err, fs.ErrNotExist) && f.Unfinished() { // it was finished meanwhile
			file, err = os.Open(finishedPath(f.Path))
		}
		if err != nil {
			return nil, err // says operation and path
		}
	}
	info, err := file.Stat()
	return &Reader{file: file, keep: file == stdin, total: total, before: before, waits: err != nil || !info.Mode().IsRegular()}, nil
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.waits {
		if err := r.before(); err != nil {
			return 0, err
		}
	}
	n, err := r.file.Read(p)
	r.total.Add(int64(n))
	return n, err
}

// Close closes the file, but leaves standard input open.
func (r *Reader) Close() error {
	if r.keep {
		return nil
	}
	return r.file.Close() // says operation and path
}

var _ io.ReadCloser = (*Reader)(nil)
