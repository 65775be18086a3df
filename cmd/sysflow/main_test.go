package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asSysflow makes the test binary behave as the real command.
const asSysflow = "SYSFLOW_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asSysflow) != "" {
		main()
	}
	os.Exit(m.Run())
}

// command returns the real command as a process of its own.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asSysflow+"=1")
	return cmd
}

// result is what a finished command leaves.
type result struct {
	stdout, stderr string
	status         int
}

func finish(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}, {"print", "--help"}, {"help", "print"}} {
		r := finish(t, command(t, args...))
		assert.Zero(t, r.status)
		assert.Empty(t, r.stderr)
		assert.Contains(t, r.stdout, "Usage:")
	}
}

func TestVersion(t *testing.T) {
	want := finish(t, command(t, "version"))
	assert.Zero(t, want.status)
	assert.Regexp(t, `^sysflow \S.*\n$`, want.stdout)
	assert.Equal(t, want, finish(t, command(t, "--version")))
}

func TestUsageErrors(t *testing.T) {
	for _, tc := range []struct {
		args   []string
		stderr string
	}{
		{[]string{"prnt"}, "sysflow: unknown command \"prnt\"\nTry 'sysflow --help'.\n"},
		{[]string{"version", "x"}, "sysflow version: unexpected argument \"x\"\nTry 'sysflow version --help'.\n"},
		{[]string{"print", "--nope"}, "sysflow print: unknown flag: --nope\n"},
		{[]string{"print", "-c", "exe", "x"}, `sysflow print: --fields: unknown field "exe" (did you mean proc.exe or pproc.exe?)`},
		{[]string{"print", "-o", "xml", "x"}, `unknown format "xml"`},
		{[]string{"print", "-c", "type", "-A", "x"}, "only one of --fields, --all, --k8s and --k8sevents can be used"},
		{[]string{"print", "--type", "P", "x"}, `unknown type "P"; types are PE, FE`},
		{[]string{"print", "--since", "teatime", "x"}, `--since: "teatime" is no time`},
		{[]string{"print", "--since", "20", "--until", "10", "x"}, "--since 20 is not before --until 10"},
		{[]string{"print", "--limit", "-1", "x"}, "--limit: -1 is below 0"},
		{[]string{"print", "--width", "0", "x"}, `--width: "0" is neither auto`},
		{[]string{"print", "--color", "blue", "x"}, `--color: "blue" is neither auto`},
	} {
		r := finish(t, command(t, tc.args...))
		assert.Equal(t, 2, r.status, tc.args)
		assert.Empty(t, r.stdout, tc.args)
		assert.Contains(t, r.stderr, tc.stderr, tc.args)
	}
}
