// Package version implements `sysflow version`.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

// NewCommand returns the command.
func NewCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), describe(debug.ReadBuildInfo()))
			return err
		},
	}
}

func describe(info *debug.BuildInfo, ok bool) string {
	version, revision, modified := "(unknown)", "", ""
	if ok {
		version = info.Main.Version
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = " " + s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified" && s.Value == "true":
				modified = " (modified)"
			}
		}
	}
	return fmt.Sprintf("sysflow %s%s%s, %s %s/%s",
		version, revision, modified, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
