package input

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/tracefiles"
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

// Args returns the paths that a command is given: standard input if there are none and input
// comes from a pipe.
func Args(paths []string) ([]string, error) {
	if len(paths) > 0 {
		return paths, nil
	}
	if cli.IsTerminal(os.Stdin) {
		return nil, cli.Usagef("name a trace file or a directory, or pipe a trace in")
	}
	return []string{Stdin}, nil
}

// Size returns the size of all files in bytes, 0 when that of one is unknown.
func Size(files []File) int64 {
	var total int64
	for _, f := range files {
		if f.Size == 0 {
			return 0
		}
		total += f.Size
	}
	return total
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
	files, err := traces(path)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no trace files in this directory", path)
	}
	return files, nil
}

// traces lists the traces of a directory, oldest first.
func traces(dir string) ([]File, error) {
	paths, err := tracefiles.List(dir)
	if err != nil {
		return nil, err
	}
	var found []tracefiles.File
	for _, path := range paths {
		if f, ok := tracefiles.Stat(path); ok {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, tracefiles.CompareAge)
	files := make([]File, len(found))
	for i, f := range found {
		files[i] = File{Path: f.Path, Size: f.Info.Size()}
	}
	return files, nil
}
