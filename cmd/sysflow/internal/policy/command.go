// Package policy implements `sysflow policy`, the tools for those who write rules.
package policy

import (
	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/casetest"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/check"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/explain"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy/run"
)

// NewCommand returns the command with its subcommands.
func NewCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Check, test, explain and run rules",
		Long: `Work with rules: SysFlow policies, Falco rule files and sequences.

The guide to the language and to these tools is docs/policy.md.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return cli.Usagef("unknown command %q", args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(check.NewCommand(), casetest.NewCommand(), explain.NewCommand(), run.NewCommand())
	return cmd
}
