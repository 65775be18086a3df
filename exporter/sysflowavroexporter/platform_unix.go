//go:build unix

package sysflowavroexporter

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// tryLock marks an incomplete file as being written, so that another exporter
// that starts in the same directory does not take it for a leftover of a crash.
// The lock ends with the file's descriptor. It reports false when someone else
// holds it.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil
	case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.ENOLCK):
		return true, nil // a file system without locks: one exporter for each directory, as documented
	default:
		return false, fmt.Errorf("locking %s: %w", f.Name(), err)
	}
}

// syncDir makes renames and removals in a directory survive a power cut.
func syncDir(name string) error {
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
