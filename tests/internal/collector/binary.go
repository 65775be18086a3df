package collector

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// PrivilegedEnv is set when tests may load BPF programs, and nothing that they need
// may be missing.
const PrivilegedEnv = "SYSFLOW_TEST_PRIVILEGED"

// BinEnv names the folder of the built binaries.
const BinEnv = "SYSFLOW_BIN"

// Required reports whether a missing requirement is a failure.
func Required() bool { return os.Getenv(PrivilegedEnv) != "" }

// Need skips the test because of what is missing, or fails it when nothing may be.
func Need(t testing.TB, ok bool, missing string) {
	t.Helper()
	switch {
	case ok:
	case Required():
		t.Fatal(missing)
	default:
		t.Skip(missing)
	}
}

// Root returns the root of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Binary returns the path of a built program: otelcol-sysflow or sysflow.
func Binary(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv(BinEnv)
	if dir == "" {
		dir = filepath.Join(Root(), "bin")
	}
	path := filepath.Join(dir, name)
	_, err := os.Stat(path)
	Need(t, err == nil, path+" is missing: build it with 'make build' or name its folder in "+BinEnv)
	return path
}

// NeedCapture skips the test where the live capture cannot run or is not asked for.
func NeedCapture(t testing.TB) {
	t.Helper()
	if !Required() {
		t.Skip("live capture of this host: runs when " + PrivilegedEnv + " is set, as 'make test-all' does")
	}
	if os.Geteuid() != 0 {
		t.Fatal("root is needed to load BPF programs")
	}
	if _, err := os.Stat("/sys/kernel/btf/vmlinux"); err != nil {
		t.Fatal("the kernel has no type information (CONFIG_DEBUG_INFO_BTF): ", err)
	}
}
