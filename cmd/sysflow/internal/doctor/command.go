package doctor

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
)

const long = `Check everything that live capture of this host needs, in the order in which it is
needed: the kernel, its type information, its lockdown, the rights of this process. When
all that is there, a trial loads, attaches and removes the real programs.

Run it as the user, and in the container, that shall run the collector.

Exit status: 0 live capture is possible, 1 it is not, 2 wrong usage.`

const example = `  sysflow doctor                                what is there, what is missing, how to mend it
  sysflow doctor -o json | jq '.checks[] | select(.ok | not)'
  sysflow doctor -q && echo "can capture"       for scripts`

// options are the flags.
type options struct {
	output string
	quiet  bool
	color  string
}

// NewCommand returns the command.
func NewCommand() *cobra.Command { return newCommand(capture.Check) }

func newCommand(check func() []capture.Result) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "doctor [flags]",
		Short:   "Check whether this host can be captured live",
		Long:    long,
		Example: example,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.OutOrStdout(), &o, check)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.output, "output", "o", "text", "format: text, json")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print nothing, only set the exit status")
	f.StringVar(&o.color, "color", string(terminal.ColorAuto), cli.ColorHelp)
	return cmd
}

// run fails with cli.ErrReported when a check does.
func run(out io.Writer, o *options, check func() []capture.Result) error {
	color, err := cli.ParseColor(o.color)
	if err != nil {
		return err // a mistake of usage that names the flag
	}
	var report func(io.Writer, []capture.Result) error
	switch o.output {
	case "text":
		report = func(w io.Writer, results []capture.Result) error { return writeText(w, results, color.For(out)) }
	case "json":
		report = writeJSON
	default:
		return cli.Usagef("--output: unknown format %q; formats are text, json", o.output)
	}
	results := check()
	if !o.quiet {
		if err := report(out, results); err != nil {
			return err
		}
	}
	if failures(results) > 0 {
		return cli.ErrReported
	}
	return nil
}

func failures(results []capture.Result) int {
	n := 0
	for _, r := range results {
		if !r.OK {
			n++
		}
	}
	return n
}
