package filereceiver

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// candidate is a file that the configuration asks for.
type candidate struct {
	path string
	info fs.FileInfo
	// newest tells that no later file of the same series is there: a writer that
	// does not use temporary names may still have it open.
	newest bool
}

// stamp changes whenever it is worth looking at a file again.
type stamp struct {
	size  int64
	mtime time.Time
	mode  fs.FileMode
	inode uint64
}

func (c *candidate) stamp() stamp {
	return stamp{size: c.info.Size(), mtime: c.info.ModTime(), mode: c.info.Mode(), inode: inode(c.info)}
}

// finished reports whether the file can be taken for complete at the given time.
func (c *candidate) finished(now time.Time, settle time.Duration) bool {
	return !c.newest || now.Sub(c.info.ModTime()) >= settle
}

// finder lists the files that a configuration names.
type finder struct {
	include, exclude []string
	// quarantine is a directory whose files are never wanted.
	quarantine string
}

// find lists the wanted files, oldest first. Entries of include that cannot be
// looked up, or that match nothing, are reported beside the files that were found.
func (f *finder) find() ([]*candidate, error) {
	found := make(map[string]*candidate)
	var errs []error
	for _, entry := range f.include {
		paths, err := expand(entry)
		if err != nil {
			errs = append(errs, fmt.Errorf("include %q: %w", entry, err))
			continue
		}
		for _, path := range paths {
			if c := f.wanted(path); c != nil {
				found[path] = c
			}
		}
	}
	out := make([]*candidate, 0, len(found))
	for _, c := range found {
		out = append(out, c)
	}
	sortOldestFirst(out)
	markNewest(out)
	return out, errors.Join(errs...)
}

// expand turns an entry of include into paths: itself, a directory's entries, or
// the matches of a glob. The name of an existing file is never taken for a glob.
func expand(entry string) ([]string, error) {
	entry = filepath.Clean(entry)
	info, err := os.Stat(entry)
	switch {
	case err == nil && info.IsDir():
		return entriesOf(entry)
	case err == nil:
		return []string{entry}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	paths, err := doublestar.FilepathGlob(entry, doublestar.WithFilesOnly())
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("no such file or directory, and as a glob it matches nothing")
	}
	return paths, nil
}

func entriesOf(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths, nil
}

// wanted returns nil for what is no regular file, is excluded, temporary or gone.
func (f *finder) wanted(path string) *candidate {
	if strings.HasSuffix(path, ".tmp") || f.excluded(path) {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return nil // deleted since it was listed, or a dangling link
	}
	return &candidate{path: path, info: info}
}

func (f *finder) excluded(path string) bool {
	if f.quarantine != "" && filepath.Dir(path) == filepath.Clean(f.quarantine) {
		return true
	}
	for _, glob := range f.exclude {
		subject := path
		if !strings.ContainsRune(glob, filepath.Separator) {
			subject = filepath.Base(path)
		}
		if doublestar.PathMatchUnvalidated(glob, subject) {
			return true
		}
	}
	return false
}

// sortOldestFirst orders files by the number in their name, then by their time of
// modification, then by path. The number is what SysFlow's tools go by: writers put
// the start time there, in seconds since the epoch.
func sortOldestFirst(files []*candidate) {
	slices.SortFunc(files, func(a, b *candidate) int {
		return cmp.Or(
			compareNumbers(number(a), number(b)),
			a.info.ModTime().Compare(b.info.ModTime()),
			strings.Compare(a.path, b.path),
		)
	})
}

// number returns the longest run of digits in a file's name (the last of several),
// or the time of modification in seconds when there is none.
func number(c *candidate) string {
	start, end := digits(filepath.Base(c.path))
	if start == end {
		return strconv.FormatInt(max(c.info.ModTime().Unix(), 0), 10)
	}
	return strings.TrimLeft(filepath.Base(c.path)[start:end], "0")
}

// compareNumbers compares decimal numbers without leading zeros, of any length.
func compareNumbers(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// digits locates the longest run of digits in a name, the last of several.
func digits(name string) (start, end int) {
	run := 0
	for i := range len(name) {
		if name[i] < '0' || name[i] > '9' {
			run = 0
			continue
		}
		run++
		if run >= end-start {
			start, end = i+1-run, i+1
		}
	}
	return start, end
}

// markNewest marks the last file of each series, which is the files of a directory
// whose names differ in their number only.
func markNewest(sorted []*candidate) {
	seen := make(map[string]bool)
	for _, c := range slices.Backward(sorted) {
		dir, name := filepath.Split(c.path)
		start, end := digits(name)
		series := dir + name[:start] + "\x00" + name[end:]
		c.newest = !seen[series]
		seen[series] = true
	}
}
