package run

import (
	"fmt"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/load"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/progress"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
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
	// A bar must not disturb rows on the same terminal.
	bar := !o.noProgress && (o.count || !terminal.Is(out))
	stderr, stopBar := progress.Show(cmd.ErrOrStderr(), bar, input.Size(files), &read)
	defer stopBar()
	r := &runner{
		evaluator: set.NewEvaluator(policy.Options{FirstMatch: o.first}), stream: lineage.NewStream(), wanted: wanted,
		printer: show, entities: !o.count && format != "lines", limit: o.limit,
		read: &read, name: cmd.CommandPath(), stderr: stderr,
	}
	if expandErr != nil {
		r.report(expandErr)
	}
	input.NoteUnfinished(stderr, r.name, files)
	if err := r.files(files); err != nil {
		return err
	}
	r.warn()
	if o.count {
		if err := counts.totals(r.records, r.dropped).write(out, format); err != nil {
			return &cli.OutputError{Err: err}
		}
	}
	if r.failed {
		return cli.ErrReported
	}
	return nil
}

// report tells about a fault of some input.
func (r *runner) report(err error) {
	r.failed = true
	fmt.Fprintf(r.stderr, "%s: %v\n", r.name, err)
}

// warn tells what rules may have missed without a fault of the input.
func (r *runner) warn() {
	if n := r.stream.Evicted(); n > 0 {
		fmt.Fprintf(r.stderr, "%s: warning: too many processes, %d were forgotten: rules may have missed what they and their descendants did\n", r.name, n)
	}
}
