package rules

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// MaxFileSize is the size of the largest rule file that is read. Falco's stock files have
// 60 to 100 KB; whatever is larger than this is no rule file.
const MaxFileSize = 8 << 20

// testsFolder is where the test cases of rules stand, beside them (package policytest).
const testsFolder = "tests"

// ReadFiles reads rule files: each path is a file, a pattern of filepath.Match, or a folder,
// of which all .yaml and .yml files are read, those of its folders too, in lexical order.
// Names that begin with a dot are left out of folders; there Kubernetes keeps the versions
// of a mounted ConfigMap. So are folders named tests, which hold test cases. A file that is named
// twice is read once. The errors of all paths come together; a path that names nothing is one. The
// files that could be read come with them.
func ReadFiles(paths []string) ([]File, error) {
	w := walker{seen: map[string]bool{}}
	if len(paths) == 0 {
		w.fail(errors.New("no rule files are named: give files, patterns or folders"))
	}
	for _, p := range paths {
		w.path(p)
	}
	return w.files, errors.Join(w.errs...)
}

type walker struct {
	files []File
	errs  []error
	// seen holds the files and folders read so far, without symbolic links.
	seen map[string]bool
}

func (w *walker) fail(err error) { w.errs = append(w.errs, err) }

func (w *walker) path(p string) {
	_, err := os.Stat(p)
	if err == nil {
		w.named(p)
		return
	}
	if !errors.Is(err, os.ErrNotExist) || !strings.ContainsAny(p, `*?[`) {
		w.fail(fmt.Errorf("reading rule files: %w", err))
		return
	}
	matches, err := filepath.Glob(p)
	if err != nil {
		w.fail(fmt.Errorf("rule files %q: %w", p, err))
		return
	}
	if len(matches) == 0 {
		w.fail(fmt.Errorf("no rule file matches %q", p))
	}
	for _, m := range matches {
		w.named(m)
	}
}

// named reads a file or folder that the user named, whatever its extension.
func (w *walker) named(p string) {
	info, err := os.Stat(p)
	if err != nil {
		w.fail(fmt.Errorf("reading rule files: %w", err))
		return
	}
	if !info.IsDir() {
		w.file(p, info)
		return
	}
	if found := w.folder(p); found == 0 {
		w.fail(fmt.Errorf("the folder %q has no .yaml or .yml file", p))
	}
}

// folder reads what is below a folder and returns how many rule files it found, those
// read before included.
func (w *walker) folder(p string) int {
	if !w.first(p) {
		return 1
	}
	entries, err := os.ReadDir(p)
	if err != nil {
		w.fail(fmt.Errorf("reading rule files: %w", err))
		return 1
	}
	found := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		sub := filepath.Join(p, e.Name())
		isRules := isRuleFile(sub)
		info, err := os.Stat(sub)
		switch {
		case err != nil && isRules:
			w.fail(fmt.Errorf("reading rule files: %w", err))
			found++
		case err != nil:
		case info.IsDir() && e.Name() == testsFolder:
		case info.IsDir():
			found += w.folder(sub)
		case isRules:
			w.file(sub, info)
			found++
		}
	}
	return found
}

func isRuleFile(p string) bool {
	ext := strings.ToLower(filepath.Ext(p))
	return ext == ".yaml" || ext == ".yml"
}

// first reports whether p is met for the first time.
func (w *walker) first(p string) bool {
	name, err := filepath.EvalSymlinks(p)
	if err == nil {
		name, err = filepath.Abs(name)
	}
	if err != nil {
		name = p
	}
	if w.seen[name] {
		return false
	}
	w.seen[name] = true
	return true
}

func (w *walker) file(p string, info os.FileInfo) {
	if !info.Mode().IsRegular() {
		w.fail(fmt.Errorf("rule file %q is not a regular file", p))
		return
	}
	if !w.first(p) {
		return
	}
	text, err := readLimited(p)
	if err != nil {
		w.fail(fmt.Errorf("reading rule files: %w", err))
		return
	}
	w.files = append(w.files, File{Name: p, Text: text})
}

func readLimited(p string) ([]byte, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxFileSize {
		return nil, fmt.Errorf("%s: %w", p, errTooLarge)
	}
	return text, nil
}

var errTooLarge = fmt.Errorf("a rule file may have at most %d MiB", MaxFileSize>>20)
