package vm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Kernel is a kernel that can be booted.
type Kernel struct {
	// Name is such as 6.1-arm64: a version, and an architecture as Go calls it.
	Name string
	// Version is that of the Debian package.
	Version string
	image   string
}

// Arch returns the architecture as Go calls it.
func (k Kernel) Arch() string {
	_, arch, _ := strings.Cut(k.Name, "-")
	return arch
}

// Selected tells whether the variable SYSFLOW_TEST_KERNELS asks for a kernel: it holds names
// separated by commas, or "all". Without it the test is skipped.
func Selected(t testing.TB, name string) bool {
	t.Helper()
	wanted := os.Getenv("SYSFLOW_TEST_KERNELS")
	if wanted == "" {
		t.Skip("booting kernels takes minutes: run make test-kernel, or set SYSFLOW_TEST_KERNELS to names of tests/kernel/kernels.txt or to all")
	}
	return wanted == "all" || strings.Contains(","+wanted+",", ","+name+",")
}

// Find returns a kernel that tests/kernel/fetch has downloaded, and fails when it has not. The
// variable SYSFLOW_KERNELS names the folder, which by default is otelcol-sysflow/kernels in the
// user's cache.
func Find(t testing.TB, name string) Kernel {
	t.Helper()
	folder := os.Getenv("SYSFLOW_KERNELS")
	if folder == "" {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		folder = filepath.Join(cache, "otelcol-sysflow", "kernels")
	}
	version, err := os.ReadFile(filepath.Join(folder, name, "version"))
	require.NoError(t, err, "kernel %s is missing: run make kernels", name)
	return Kernel{
		Name: name, Version: strings.TrimSpace(string(version)), image: filepath.Join(folder, name, "vmlinuz"),
	}
}
