package input

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stdin is the path that stands for standard input.
const Stdin = "-"

// File is a trace to read.
type File struct {
	// Path is Stdin for standard input.
	Path string
	// Size is in bytes, 0 when unknown.
	Size int64
}

// Expand lists the files of paths in the order in which they are to be read. A
// directory stands for the files in it, oldest first; hidden and unfinished (.tmp) files
// in it are left out. Paths that cannot be used are reported in the joined
// error; the others are still returned.
func Expand(paths []string) ([]File, error) {
	var files []File
	var errs []error
	for _, path := range paths {
		found, err := expand(path)
		files = append(files, found...)
		if err != nil {
			errs = append(errs, err)
		}
	}
	return files, errors.Join(errs...)
}

func expand(path string) ([]File, error) {
	if path == Stdin {
		return []File{{Path: Stdin}}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err // says operation and path
	}
	if !info.IsDir() {
		return []File{{Path: path, Size: info.Size()}}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err // says operation and path
	}
	files := traces(path, entries)
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no trace files in this directory", path)
	}
	return files, nil
}

func traces(dir string, entries []fs.DirEntry) []File {
	var files []File
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".tmp") {
			continue
		}
		// Stat, not e.Info: a link to a file is a file.
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		files = append(files, File{Path: filepath.Join(dir, name), Size: info.Size()})
	}
	slices.SortStableFunc(files, func(a, b File) int { return byAge(filepath.Base(a.Path), filepath.Base(b.Path)) })
	return files
}

// byAge compares the longest run of digits in each name, the last of several: names hold
// the time in seconds. Digits elsewhere, of a node or of a second file of the same second,
// do not count. Names without digits come first.
func byAge(a, b string) int {
	x, y := digits(a), digits(b)
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y), strings.Compare(a, b))
}

func digits(name string) string {
	longest := ""
	for run := range strings.FieldsFuncSeq(name, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(run) >= len(longest) {
			longest = run
		}
	}
	return strings.TrimLeft(longest, "0")
}
