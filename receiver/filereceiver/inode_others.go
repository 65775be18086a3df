//go:build !unix

package filereceiver

import "io/fs"

// inode returns 0: there is no number that names a file here.
func inode(fs.FileInfo) uint64 { return 0 }
