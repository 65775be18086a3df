package casetest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// finder reads files of test cases, each once.
type finder struct {
	files []rules.File
	seen  map[string]bool
	errs  []error
}

// find reads the files of paths; from directories only those that have cases, since rule files
// lie beside them.
func find(paths []string) ([]rules.File, error) {
	f := &finder{seen: make(map[string]bool)}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			f.errs = append(f.errs, err) // says operation and path
		case info.IsDir():
			f.folder(path)
		default:
			f.file(path, false)
		}
	}
	return f.files, errors.Join(f.errs...)
}

// folder reads the .yaml and .yml files below a folder in lexical order, but for hidden ones.
func (f *finder) folder(root string) {
	found := false
	if target, err := filepath.EvalSymlinks(root); err == nil {
		root = target // WalkDir does not follow a link
	}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		hidden := path != root && strings.HasPrefix(e.Name(), ".")
		ext := strings.ToLower(filepath.Ext(path))
		switch {
		case err != nil:
			f.errs = append(f.errs, err) // says operation and path
			if e == nil || e.IsDir() {
				return fs.SkipDir
			}
		case hidden && e.IsDir():
			return fs.SkipDir
		case !hidden && !e.IsDir() && (ext == ".yaml" || ext == ".yml"):
			found = f.file(path, true) || found
		}
		return nil
	})
	switch {
	case err != nil:
		f.errs = append(f.errs, err)
	case !found:
		f.errs = append(f.errs, fmt.Errorf("%s: no file below has cases", root))
	}
}

// file reads a file and reports whether it is one of test cases, which is only asked of those
// that nobody named.
func (f *finder) file(path string, ask bool) bool {
	text, err := os.ReadFile(path)
	if err != nil {
		f.errs = append(f.errs, err) // says operation and path
		return false
	}
	if ask && !policytest.HasCases(text) {
		return false
	}
	name := filepath.Clean(path)
	if !f.seen[name] {
		f.seen[name] = true
		f.files = append(f.files, rules.File{Name: name, Text: text})
	}
	return true
}
