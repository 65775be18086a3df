// Package check implements `sysflow policy check`, which says all that is wrong with rule files
// and how well SysFlow records answer their rules.
package check

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

const long = `Check rule files: SysFlow policies, Falco rules, sequences.

All files are loaded as one set, in the order in which they are named, as the
collector does: a rule may use the macros of another file. A directory stands for
the .yaml and .yml files below it, in lexical order, but for folders named tests.

Every error is shown with file, line and column, and every warning: what loads, but
perhaps not as its author thinks. With --coverage a list of the rules follows: exact,
approximate (some values come close to what the rule means), partial (some checks
never hold, but the rule can match without them) or blocked (the rule can never
match), and why.

Exit status: 0 no errors, 1 errors (with --strict also warnings), 2 wrong usage.`

const example = `  sysflow policy check policies/
  sysflow policy check --coverage falco_rules.yaml my_rules.yaml
  sysflow policy check --format json rules/ | jq '.findings[] | select(.severity == "error")'`

// options are the flags.
type options struct {
	coverage bool
	format   string
	strict   bool
	quiet    bool
}

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "check [flags] FILES|DIRS...",
		Short:   "Check rule files and show what is wrong with them",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return cli.Usagef("name rule files or directories")
			}
			if o.format != "text" && o.format != "json" {
				return cli.Usagef("--format: %q is neither text nor json", o.format)
			}
			r := inspect(paths)
			if err := r.write(cmd.OutOrStdout(), &o); err != nil {
				return err
			}
			if r.errors > 0 || o.strict && r.warnings > 0 {
				return cli.ErrReported
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&o.coverage, "coverage", false, "show how well SysFlow records answer each rule")
	f.StringVar(&o.format, "format", "text", "format: text, json")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 for warnings too")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "show no warnings")
	return cmd
}

// report is what was found.
type report struct {
	files            []rules.File
	set              *policy.Ruleset // nil if there are errors
	findings         diag.List
	errors, warnings int
}

// inspect reads and checks the files.
func inspect(paths []string) *report {
	r := &report{}
	files, err := rules.ReadFiles(paths)
	r.files = files
	if len(files) > 0 {
		r.set, r.findings = policy.Load(files)
	}
	if err != nil {
		r.set, r.findings = nil, append(unreadable(err), r.findings...)
	}
	if r.set != nil {
		r.findings = append(r.findings, r.set.NeverMatching()...)
		rules.SortFindings(r.findings, r.files)
	}
	for _, d := range r.findings {
		if d.Severity == diag.Error {
			r.errors++
		} else {
			r.warnings++
		}
	}
	return r
}

// unreadable makes a finding of each of the joined errors.
func unreadable(err error) diag.List {
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](err)
	if !ok {
		return diag.List{{Code: diag.ErrFileRead, Message: err.Error()}}
	}
	var out diag.List
	for _, e := range joined.Unwrap() {
		out = append(out, &diag.Diagnostic{Code: diag.ErrFileRead, Message: e.Error()})
	}
	return out
}
