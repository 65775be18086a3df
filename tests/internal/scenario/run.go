package scenario

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	reportSize = 8 << 20
	timeout    = 2 * time.Minute
)

// Run is a scenario that ran.
type Run struct {
	// PID is that of the first process; Parent that of this test.
	PID, Parent int32
	Steps       []Step
	Program     string
	Args        string
	CWD         string
	Start, End  time.Time
}

// Build compiles the C program in the folder source, as a static binary, so that what
// it does is all that happens.
func Build(t testing.TB, source, name string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("a C compiler (cc) is needed to build " + source)
	}
	files, err := filepath.Glob(filepath.Join(source, "*.c"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "C files in %s", source)
	program := filepath.Join(dir(t), name)
	args := append([]string{"-O1", "-Wall", "-Wextra", "-Werror", "-static", "-pthread", "-o", program}, files...)
	out, err := exec.CommandContext(t.Context(), cc, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// dir makes a temporary directory that every user may enter, under its real name.
func dir(t testing.TB) string {
	t.Helper()
	d, err := os.MkdirTemp("", "sysflow-scenario-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(d) })
	d, err = filepath.EvalSymlinks(d)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(d, 0o755)) //nolint:gosec // the scenario changes its user
	return d
}

// Execute runs the named sections of the scenario, by default all.
func Execute(t testing.TB, program string, sections ...string) *Run {
	t.Helper()
	d := dir(t)
	report, base := filepath.Join(d, "report"), filepath.Join(d, "base")
	require.NoError(t, os.Mkdir(base, 0o700))
	require.NoError(t, os.Chmod(base, 0o777)) //nolint:gosec // nobody writes there, too
	require.NoError(t, os.WriteFile(report, make([]byte, reportSize), 0o600))
	require.NoError(t, os.Chmod(report, 0o666)) //nolint:gosec // as above

	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	args := append([]string{"run", report, base}, sections...)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = d
	cmd.Stderr = os.Stderr
	r := &Run{Parent: int32(os.Getpid()), Program: program, CWD: d, Start: time.Now()} //nolint:gosec // a pid
	require.NoError(t, cmd.Start())
	r.PID = int32(cmd.Process.Pid) //nolint:gosec // a pid
	require.NoError(t, cmd.Wait())
	r.End = time.Now()
	for i, a := range args {
		if i > 0 {
			r.Args += " "
		}
		r.Args += a
	}

	data, err := os.ReadFile(report)
	require.NoError(t, err)
	r.Steps, err = parseReport(data)
	require.NoError(t, err)
	return r
}
