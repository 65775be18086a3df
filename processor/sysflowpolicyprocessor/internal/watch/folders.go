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
			if dir, ok := resolve(set, base(pattern)); ok {
				set[dir] = true
			}
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

// addPath adds the folder of a file, those of the links on the way to it, and all folders
// below if it is a folder itself.
func addPath(set map[string]bool, path string) {
	target, ok := resolve(set, path)
	if !ok {
		return
	}
	set[filepath.Dir(target)] = true
	_ = filepath.WalkDir(target, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone or not readable: not watched
		}
		switch {
		case d.IsDir():
			set[p] = true
		case d.Type()&fs.ModeSymlink != 0 && p != target:
			if next, ok := resolve(set, p); ok {
				set[filepath.Dir(next)] = true
			}
		}
		return nil
	})
}

// resolve returns a path without links, and adds the folders in which the links stand: one may be
// turned anywhere in the path. It returns false for links that form a ring.
func resolve(set map[string]bool, path string) (string, bool) {
	at, rest := split(path)
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		rest = rest[1:]
		target, err := os.Readlink(next)
		if err != nil { // no link, or nothing yet
			at = next
			continue
		}
		set[filepath.Dir(next)] = true
		links++
		if links > maxLinks {
			return "", false
		}
		from, names := split(target)
		if filepath.IsAbs(target) {
			at = from
		}
		rest = append(names, rest...)
	}
	return at, true
}

// split returns where a path begins, and the names that lead on. It does not resolve "..", which
// behind a link is not what stands before it.
func split(path string) (from string, names []string) {
	from = "."
	if filepath.IsAbs(path) {
		from = string(filepath.Separator)
	}
	return from, strings.FieldsFunc(path, func(r rune) bool { return r == filepath.Separator })
}
