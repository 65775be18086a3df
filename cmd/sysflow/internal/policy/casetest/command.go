// Package casetest implements `sysflow policy test`, which runs test cases of rules.
package casetest

import (
	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

const long = `Run test cases of rules: YAML files that say what happened (processes, files,
connections, or a recorded trace) and which rules must match. docs/policy.md has the
format.

The rules are those that a file names with "policies:", or those of -p. A directory
stands for the .yaml and .yml files below it that have cases.

A failure says what was expected and what came; for a rule that did not match, which
record came nearest and what it lacked.

Exit status: 0 all passed, 1 a case failed, a file could not be used or no case
matches --run, 2 wrong usage.`

const example = `  sysflow policy test policies/
  sysflow policy test -v --run shell policies/tests/execution.yaml
  sysflow policy test -p my_rules.yaml my_cases.yaml`

// options are the flags.
type options struct {
	policies []string
	verbose  bool
	run      string
}

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:     "test [flags] FILES|DIRS...",
		Short:   "Run test cases of rules",
		Long:    long,
		Example: example,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				return cli.Usagef("name files of test cases or directories")
			}
			return run(cmd, &o, paths)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&o.policies, "policies", "p", nil, "rule files, patterns or folders instead of those that the files name; may be repeated")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show the cases that passed too")
	f.StringVar(&o.run, "run", "", "only cases whose name matches this regular expression")
	return cmd
}
