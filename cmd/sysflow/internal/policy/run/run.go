package run

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/progress"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
)

// run evaluates rules on the traces at paths.
func run(cmd *cobra.Command, o *options, paths []string) error {
	out := cmd.OutOrStdout()
	if o.limit < 0 {
		return cli.Usagef("--limit: %d is below 0", o.limit)
	}
	format, err := o.format(out)
	if err != nil {
		return err
	}
	counts := &counter{counts: make(map[*policy.Rule]int64)}
	show := printer(counts)
	if !o.count {
		if show, err = newPrinter(o, format, out); err != nil {
			return err
		}
	}
	set, err := load.Rules(cmd.ErrOrStderr(), o.policies)
	if err != nil {
		return err // says which files
	}
	wanted, err := chosen(set, o.rules)
	if err != nil {
		return err // a mistake of usage that names the flag
	}
	files, expandErr := input.Expand(paths)
	var read atomic.Int64
	stderr, stopBar := startProgress(cmd, o, out, files, &read)
	defer stopBar()
	r := &runner{
		evaluator: set.NewEvaluator(policy.Options{FirstMatch: o.first}), stream: lineage.NewStream(), wanted: wanted,
		printer: show, entities: !o.count && format != "lines", limit: o.limit,
		read: &read, name: cmd.CommandPath(), stderr: stderr,
	}
	if expandErr != nil {
		r.report(expandErr)
	}
	if err := r.files(files); err != nil {
		return err
	}
	if o.count {
		if err := counts.totals(r.records, r.dropped).write(out, format); err != nil {
			return &outputError{err: err}
		}
	}
	if r.failed {
		return cli.ErrReported
	}
	return nil
}

// startProgress shows a bar when somebody can see it and it disturbs nobody. It
// returns where messages go.
func startProgress(cmd *cobra.Command, o *options, out io.Writer, files []input.File, read *atomic.Int64) (io.Writer, func()) {
	stderr := cmd.ErrOrStderr()
	if o.noProgress || !cli.IsTerminal(stderr) || cli.IsTerminal(out) && !o.count {
		return stderr, func() {}
	}
	var total int64
	for _, f := range files {
		if f.Size == 0 {
			total = 0 // not all sizes are known
			break
		}
		total += f.Size
	}
	bar := progress.Start(stderr, cli.TerminalWidth(stderr), total, read)
	return bar, bar.Stop
}

// report tells about a fault of some input.
func (r *runner) report(err error) {
	r.failed = true
	fmt.Fprintf(r.stderr, "%s: %v\n", r.name, err)
}

// outputError is a failure to write, which ends everything; other errors are about a
// file that is read, after which the next file follows.
type outputError struct{ err error }

func (e *outputError) Error() string { return "writing the output: " + e.err.Error() }

func (e *outputError) Unwrap() error { return e.err }

// errEnough ends the work when the limit is reached.
var errEnough = errors.New("enough alerts")

// open opens a trace and returns it with its name for messages.
func (r *runner) open(f input.File) (*input.Reader, string, error) {
	name := f.Path
	if name == input.Stdin {
		name = "standard input"
	}
	in, err := input.Open(f, os.Stdin, r.read, r.flush)
	return in, name, err // says operation and path
}
