package filereceiver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/tracefiles"
)

// candidate is a file that the configuration asks for.
type candidate struct {
	tracefiles.File
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
	return stamp{size: c.Info.Size(), mtime: c.Info.ModTime(), mode: c.Info.Mode(), inode: inode(c.Info)}
}

// finished reports whether the file can be taken for complete at the given time.
func (c *candidate) finished(now time.Time, settle time.Duration) bool {
	return !c.newest || now.Sub(c.Info.ModTime()) >= settle
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
	slices.SortFunc(out, func(a, b *candidate) int { return tracefiles.CompareAge(a.File, b.File) })
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
		return tracefiles.List(entry)
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

// wanted returns nil for what is no regular file, is excluded, temporary or gone.
func (f *finder) wanted(path string) *candidate {
	if tracefiles.IsUnfinished(path) || f.excluded(path) {
		return nil
	}
	file, ok := tracefiles.Stat(path)
	if !ok {
		return nil // deleted since it was listed, or a dangling link
	}
	return &candidate{File: file}
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

// markNewest marks the last file of each series, which is the files of a directory
// whose names differ in their number only.
func markNewest(sorted []*candidate) {
	seen := make(map[string]bool)
	for _, c := range slices.Backward(sorted) {
		series := tracefiles.Series(c.Path)
		c.newest = !seen[series]
		seen[series] = true
	}
}
