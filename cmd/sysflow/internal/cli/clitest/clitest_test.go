package clitest

import (
	"fmt"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

func TestRun(t *testing.T) {
	cmd := &cobra.Command{Use: "count", RunE: func(cmd *cobra.Command, args []string) error {
		fmt.Fprint(cmd.OutOrStdout(), len(args))
		if len(args) == 0 {
			return nil
		}
		return cli.Usagef("too many")
	}}
	assert.Equal(t, Result{Stdout: "0", All: "0"}, Run(cmd), "the arguments of the test do not count")
	const stderr = "count: too many\nTry 'count --help'.\n"
	assert.Equal(t, Result{Stdout: "2", Stderr: stderr, All: "2" + stderr, Status: cli.StatusUsage}, Run(cmd, "a", "b"))
}
