// Package clitest runs commands in tests and compares what they print with golden files.
package clitest

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
)

var update = flag.Bool("update", false, "write the golden files")

// Result is what a command leaves.
type Result struct {
	Stdout, Stderr string
	// All is both, in the order of writing.
	All    string
	Status int
}

// Run runs a command as the program does.
func Run(cmd *cobra.Command, args ...string) Result {
	var out, errs, all bytes.Buffer
	stderr := io.MultiWriter(&errs, &all)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetOut(io.MultiWriter(&out, &all))
	cmd.SetErr(stderr)
	cmd.SetArgs(append([]string{}, args...)) // for nil cobra would take the arguments of the test
	status := cli.Finish(cmd.Execute(), cmd.CommandPath(), stderr)
	return Result{Stdout: out.String(), Stderr: errs.String(), All: all.String(), Status: status}
}

// Golden compares a text with a file, or writes it there when the test is run with -update.
func Golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "go test -update rewrites %s", path)
}
