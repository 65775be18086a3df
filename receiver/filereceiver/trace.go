package filereceiver

import (
	"context"
	"fmt"
	"io"
	"os"
)

// trace is a file that is being replayed.
type trace struct {
	path string
	file *os.File
	// size is that at the time of opening, read is how much was read since.
	size, read int64
	// id is empty for what is no container file: the reader will say so.
	id  string
	pos position
}

func openTrace(ctx context.Context, path string, positions *positions) (*trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &trace{path: path, file: file}
	if err := t.locate(ctx, positions); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// locate finds out which file it is and where its replay goes on.
func (t *trace) locate(ctx context.Context, positions *positions) error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	t.size = info.Size()
	t.id = identity(t.file, t.path, info)
	if t.id != "" {
		if t.pos, err = positions.get(ctx, t.id); err != nil {
			return fmt.Errorf("%s: %w", t.path, err)
		}
	}
	t.pos.Path = t.path
	_, err = t.file.Seek(0, io.SeekStart)
	return err
}

func (t *trace) close() { _ = t.file.Close() } // it was only read
