// Command sysflow works with SysFlow traces, with rules about them, and with the host's ability
// to record them.
package main

import (
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/doctor"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/print"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/version"
)

// builtAs is the version that the linker is given, see the Makefile. Without one, what Go
// itself notes about the build tells the version.
var builtAs string

// subcommands returns all that sysflow can do; a new one is added here.
func subcommands() []*cobra.Command {
	return []*cobra.Command{
		doctor.NewCommand(),
		policy.NewCommand(),
		print.NewCommand(),
		version.NewCommand(builtAs),
	}
}

func main() {
	// A write to a closed pipe shall fail with EPIPE, not kill the process.
	signal.Ignore(syscall.SIGPIPE)
	root := newRoot()
	cmd, err := root.ExecuteC()
	os.Exit(cli.Finish(err, cmd.CommandPath(), os.Stderr))
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:               "sysflow",
		Short:             "Work with SysFlow traces and rules, check this host for live capture",
		SilenceErrors:     true,
		SilenceUsage:      true,
		Version:           version.Describe(builtAs),
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return cli.Usagef("unknown command %q", args[0])
			}
			return cmd.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &cli.UsageError{Err: err} })
	root.AddCommand(subcommands()...)
	return root
}
