package scenario

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	reportSize = 8 << 20
	timeout    = 10 * time.Minute // in an emulated machine it takes minutes
	// failedToRun is the scenario's exit status when it could not do what it should.
	failedToRun = 99
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

// OwnImage is how the process that runs this looks to the capture.
func OwnImage(t testing.TB) (exe, args string) {
	t.Helper()
	exe, err := os.Readlink("/proc/self/exe")
	require.NoError(t, err)
	cmdline, err := os.ReadFile("/proc/self/cmdline")
	require.NoError(t, err)
	parts := strings.Split(strings.TrimSuffix(string(cmdline), "\x00"), "\x00")
	return exe, strings.Join(parts[1:], " ")
}

// dir makes a temporary directory that every user may enter, under its real name.
func dir(t testing.TB) string {
	t.Helper()
	d, err := os.MkdirTemp("", "sysflow-scenario-") //nolint:usetesting // t.TempDir is closed to other users
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(d) })
	d, err = filepath.EvalSymlinks(d)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(d, 0o755)) // the scenario changes its user
	return d
}

// Execute runs the named sections of the scenario, by default all.
func Execute(t testing.TB, program string, sections ...string) *Run {
	t.Helper()
	return start(t, program, "run", sections, nil).finish(t)
}

// Held is a program that has opened things and waits for the capture to begin.
type Held struct {
	started *started
	stdin   io.Closer
}

// Hold starts such a program.
func Hold(t testing.TB, program string) *Held {
	t.Helper()
	var stdin io.Closer
	var stdout io.Reader
	s := start(t, program, "hold", nil, func(cmd *exec.Cmd) {
		var err error
		stdin, err = cmd.StdinPipe()
		require.NoError(t, err)
		stdout, err = cmd.StdoutPipe()
		require.NoError(t, err)
	})
	_, err := stdout.Read(make([]byte, 1))
	require.NoError(t, err, "the program is to say that it waits")
	return &Held{started: s, stdin: stdin}
}

// Continue lets the program go on to its end.
func (h *Held) Continue(t testing.TB) *Run {
	t.Helper()
	require.NoError(t, h.stdin.Close())
	return h.started.finish(t)
}

// started is a running scenario.
type started struct {
	run    *Run
	cmd    *exec.Cmd
	report string
}

func start(t testing.TB, program, mode string, sections []string, prepare func(*exec.Cmd)) *started {
	t.Helper()
	d := dir(t)
	report, base := filepath.Join(d, "report"), filepath.Join(d, "base")
	require.NoError(t, os.Mkdir(base, 0o700))
	require.NoError(t, os.Chmod(base, 0o777)) // nobody writes there, too
	require.NoError(t, os.WriteFile(report, make([]byte, reportSize), 0o600))
	require.NoError(t, os.Chmod(report, 0o666))

	args := append([]string{mode, report, base}, sections...)
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = d
	cmd.Stderr = os.Stderr
	if prepare != nil {
		prepare(cmd)
	}
	r := &Run{
		Parent: int32(os.Getpid()), Program: program, Args: strings.Join(args, " "), CWD: d,
		Start: time.Now(),
	}
	require.NoError(t, cmd.Start())
	r.PID = int32(cmd.Process.Pid)
	return &started{run: r, cmd: cmd, report: report}
}

// finish waits for the end and reads the report.
func (s *started) finish(t testing.TB) *Run {
	t.Helper()
	err := s.cmd.Wait()
	if code := new(exec.ExitError); !errors.As(err, &code) || code.ExitCode() == failedToRun || !code.Exited() {
		require.NoError(t, err)
	}
	s.run.End = time.Now()
	data, err := os.ReadFile(s.report)
	require.NoError(t, err)
	s.run.Steps, err = parseReport(data)
	require.NoError(t, err)
	return s.run
}
