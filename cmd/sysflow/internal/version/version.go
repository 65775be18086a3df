// Package version implements `sysflow version`.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

// NewCommand returns the command; builtAs is as of Describe.
func NewCommand(builtAs string) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), Describe(builtAs))
			return err
		},
	}
}

// Describe returns the program's name, version, compiler and system. The version is
// builtAs; when that is empty, it is what Go noted about the build.
func Describe(builtAs string) string {
	if builtAs == "" {
		builtAs = noted(debug.ReadBuildInfo())
	}
	return fmt.Sprintf("sysflow %s, %s %s/%s", builtAs, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func noted(info *debug.BuildInfo, ok bool) string {
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
	return version + revision + modified
}
