package vm

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBinary compiles the tests of a package, given as go test takes it, for an architecture: a
// static program.
func TestBinary(t testing.TB, arch, pkg string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "test")
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0")
	return output(t, cmd, out)
}

// CProgram compiles C files for an architecture.
func CProgram(t testing.TB, arch string, flags []string, files ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program")
	args := append([]string{"-O1", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", out}, flags...)
	return output(t, exec.CommandContext(t.Context(), compiler(t, arch), append(args, files...)...), out)
}

// crossCompilers are Debian's, by the architecture as Go calls it.
var crossCompilers = map[string]string{
	"amd64": "x86_64-linux-gnu-gcc",
	"arm64": "aarch64-linux-gnu-gcc",
}

func compiler(t testing.TB, arch string) string {
	t.Helper()
	name := "cc"
	if arch != runtime.GOARCH {
		name = crossCompilers[arch]
	}
	path, err := exec.LookPath(name)
	require.NoError(t, err, "a C compiler for %s is needed", arch)
	return path
}

// Library returns a file of the C library that CProgram's dynamic programs use.
func Library(t testing.TB, arch, name string) []byte {
	t.Helper()
	path, err := exec.CommandContext(t.Context(), compiler(t, arch), "-print-file-name="+name).Output()
	require.NoError(t, err)
	b, err := os.ReadFile(string(path[:len(path)-1]))
	require.NoError(t, err)
	return b
}

func output(t testing.TB, cmd *exec.Cmd, file string) []byte {
	t.Helper()
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, "%v\n%s", cmd, text)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	return b
}
