package avro

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// repairMaxBlock is far above any real block: Repair must not cut a good file.
const repairMaxBlock = 1 << 30

// RepairResult tells what Repair kept and removed.
type RepairResult struct {
	// Records is how many records a Reader will return now.
	Records int64
	// Blocks is how many whole blocks there are.
	Blocks int64
	// Removed is how many bytes were cut off.
	Removed int64
}

// Repair cuts a container file behind its last whole block, as is needed after the
// program that wrote it has crashed. A block counts as whole when all its records can be
// decoded; the first one that is not, and everything behind it, is removed. The file
// must be open for reading and writing; its position is undefined afterwards.
//
// Without a whole file header there is nothing to keep: the error is then ErrTruncated.
// Files that are foreign rather than damaged (ErrNotContainer, ErrSchema,
// ErrUnknownBranch) are left alone, with that error.
func Repair(f *os.File) (RepairResult, error) {
	info, err := f.Stat()
	if err != nil {
		return RepairResult{}, err
	}
	if _, err = f.Seek(0, io.SeekStart); err != nil {
		return RepairResult{}, err
	}
	r, err := NewReader(f, ReaderOptions{Name: f.Name(), MaxBlockSize: repairMaxBlock})
	for err == nil {
		_, err = r.Next()
	}
	if r == nil {
		return RepairResult{}, err
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrCorruptBlock) {
		return RepairResult{}, err
	}
	res := RepairResult{Records: r.whole.records, Blocks: r.whole.blocks, Removed: info.Size() - r.whole.end}
	if res.Removed == 0 {
		return res, nil
	}
	if err := f.Truncate(r.whole.end); err != nil {
		return RepairResult{}, fmt.Errorf("cutting %s at offset %d: %w", f.Name(), r.whole.end, err)
	}
	return res, f.Sync()
}
