package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
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

// Unfinished tells that the file is still being written, or was when its writer died.
func (f File) Unfinished() bool { return tracefiles.IsUnfinished(f.Path) }

// NoteUnfinished tells about files that are still being written, in a line each.
func NoteUnfinished(w io.Writer, command string, files []File) {
	for _, f := range files {
		if f.Unfinished() {
			fmt.Fprintf(w, "%s: note: %s is still being written, it is read up to its last whole block\n", command, f.Path)
		}
	}
}

// Args returns the paths that a command is given: standard input if there are none and input
// comes from a pipe.
func Args(paths []string) ([]string, error) {
	if len(paths) > 0 {
		return paths, nil
	}
	if terminal.Is(os.Stdin) {
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
// directory stands for the files in it, oldest first, those that are still being written
// (.tmp) last; hidden files are left out. Paths that cannot be used are reported in the joined
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

// traces lists the traces of a directory, oldest first, unfinished ones last: what they hold is
// newer than what their writer has finished.
func traces(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir) // once, so that a file that is finished meanwhile is not read twice
	if err != nil {
		return nil, err // says operation and path
	}
	var finished, unfinished []tracefiles.File
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		f, ok := tracefiles.Stat(path)
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case tracefiles.IsUnfinished(path):
			if !ok {
				f, ok = tracefiles.Stat(finishedPath(path))
			}
			if ok {
				unfinished = append(unfinished, f)
			}
		case ok:
			finished = append(finished, f)
		}
	}
	slices.SortFunc(finished, tracefiles.CompareAge)
	slices.SortFunc(unfinished, tracefiles.CompareAge)
	var files []File
	for _, f := range append(finished, unfinished...) {
		files = append(files, File{Path: f.Path, Size: f.Info.Size()})
	}
	return files, nil
}

// finishedPath is what an unfinished file is called when it is whole.
func finishedPath(path string) string {
	return strings.TrimSuffix(path, tracefiles.UnfinishedSuffix)
}
