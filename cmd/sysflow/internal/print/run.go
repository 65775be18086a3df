package print

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/progress"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
)

// run prints the traces at paths.
func run(cmd *cobra.Command, o *options, paths []string) (err error) {
	rows, err := newFilter(o, time.Now())
	if err != nil {
		return &cli.UsageError{Err: err}
	}
	look, err := newView(o)
	if err != nil {
		return &cli.UsageError{Err: err}
	}
	files, expandErr := input.Expand(paths)
	out, closeOut, err := openOutput(cmd, o, files)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeOut()) }()

	var read atomic.Int64
	// A bar must not disturb rows on the same terminal.
	bar := !o.noProgress && !terminal.Is(out)
	stderr, stopBar := progress.Show(cmd.ErrOrStderr(), bar, input.Size(files), &read)
	defer stopBar()
	p := &printer{
		renderer: look.renderer(out), filter: rows, limit: o.limit, read: &read,
		name: cmd.CommandPath(), stderr: stderr,
	}
	if expandErr != nil {
		p.report(expandErr)
	}
	input.NoteUnfinished(stderr, p.name, files)
	return p.files(files)
}

// stdout is the path that stands for standard output.
const stdout = "-"

// openOutput returns where the rows go.
func openOutput(cmd *cobra.Command, o *options, files []input.File) (io.Writer, func() error, error) {
	if o.file == "" || o.file == stdout {
		return cmd.OutOrStdout(), func() error { return nil }, nil
	}
	if err := notAnInput(o.file, files); err != nil {
		return nil, nil, err
	}
	f, err := os.Create(o.file)
	if err != nil {
		return nil, nil, err // says operation and path
	}
	return f, f.Close, nil
}

// notAnInput keeps a slip of the hand from destroying a trace.
func notAnInput(path string, files []input.File) error {
	out, err := os.Stat(path)
	if err != nil {
		return nil // what does not exist is no input
	}
	for _, f := range files {
		if in, err := os.Stat(f.Path); err == nil && os.SameFile(in, out) {
			return cli.Usagef("--file %s is one of the traces to print; name another file", path)
		}
	}
	return nil
}

// report tells about a fault of some input.
func (p *printer) report(err error) {
	p.failed = true
	fmt.Fprintf(p.stderr, "%s: %v\n", p.name, err)
}
