// Package tracefiles says which files of a folder are traces, and which of two is older.
package tracefiles

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// UnfinishedSuffix ends the names of files that are still being written.
const UnfinishedSuffix = ".tmp"

// File is a regular file.
type File struct {
	Path string
	Info fs.FileInfo
}

// Stat looks at a path. It is false for what is no regular file, and for what is gone. A link to
// a file is a file.
func Stat(path string) (File, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return File{}, false
	}
	return File{Path: path, Info: info}, true
}

// List returns the paths of what may be traces in a folder: neither hidden nor unfinished. They
// may be called anything, as SysFlow's collector writes names without an extension.
func List(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err // says operation and path
	}
	var paths []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !IsUnfinished(e.Name()) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, nil
}

// IsUnfinished tells whether a file is still being written, by its name.
func IsUnfinished(path string) bool { return strings.HasSuffix(path, UnfinishedSuffix) }
