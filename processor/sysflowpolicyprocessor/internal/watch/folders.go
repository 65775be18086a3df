package watch

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxLinks bounds how many symbolic links are followed; links may form a ring.
const maxLinks = 32

// folders returns the folders in which a change may concern what the patterns name.
func folders(patterns []string) []string {
	set := make(map[string]bool)
	for _, pattern := range patterns {
		paths := []string{pattern}
		if _, err := os.Lstat(pattern); err != nil && strings.ContainsAny(pattern, meta) {
			set[base(pattern)] = true
			paths, _ = filepath.Glob(pattern)
		}
		for _, path := range paths {
			addPath(set, path)
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// meta are the characters that make a path a pattern.
const meta = `*?[`

// base returns the folder in which the matches of a pattern begin to differ.
func base(pattern string) string {
	for strings.ContainsAny(pattern, meta) {
		pattern = filepath.Dir(pattern)
	}
	return pattern
}

// addPath adds the folder of a path, of every link on the way to the file, and all
// folders below if it is a folder itself.
func addPath(set map[string]bool, path string) {
	set[filepath.Dir(path)] = true
	target := path
	for range maxLinks {
		next, err := os.Readlink(target)
		if err != nil {
			break
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(target), next)
		}
		target = next
		set[filepath.Dir(target)] = true
	}
	_ = filepath.WalkDir(target, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone or not readable: not watched
		}
		switch {
		case d.IsDir():
			set[p] = true
		case d.Type()&fs.ModeSymlink != 0 && p != target:
			if next, err := filepath.EvalSymlinks(p); err == nil {
				set[filepath.Dir(next)] = true
			}
		}
		return nil
	})
}
