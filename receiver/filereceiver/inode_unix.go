//go:build unix

package filereceiver

import (
	"io/fs"
	"syscall"
)

// inode returns the number of a file in its file system, 0 when there is none.
func inode(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Ino) //nolint:unconvert // not 64 bits wide everywhere
	}
	return 0
}
