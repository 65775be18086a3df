package kernel

import (
	_ "embed"
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/vm"
)

//go:embed kernels.txt
var table string

// names are the kernels of kernels.txt.
func names() (names []string) {
	for line := range strings.Lines(table) {
		if f := strings.Fields(line); len(f) > 0 && f[0] != "#" {
			names = append(names, f[0])
		}
	}
	return names
}

var inside = flag.String("inside", "", "regular expression of the tests to run in the machines; by default all but TestLoad")

// selection is the flags that select tests of package guest.
func selection() string {
	if *inside != "" {
		return "-test.run=" + *inside
	}
	return "-test.skip=TestLoad|TestCost" // which says why programs are refused; the others say that they are
}

// TestScenario boots each kernel and runs the tests of package guest there.
func TestScenario(t *testing.T) {
	images := make(map[string][]byte)
	for _, name := range names() {
		if !vm.Selected(t, name) {
			continue
		}
		k := vm.Find(t, name)
		if images[k.Arch()] == nil {
			images[k.Arch()] = scenarioImage(t, k.Arch())
		}
		image := images[k.Arch()]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			console := vm.Boot(t, vm.Machine{
				Kernel: k, Initramfs: image, Timeout: 20 * time.Minute,
				Append: "SYSFLOW_MACHINE=1 -- -test.v " + selection(),
			})
			report(t, console)
		})
	}
}

// report shows what a machine has written and fails the test unless its tests went well.
func report(t *testing.T, console string) {
	t.Helper()
	text, rest, found := strings.Cut(console, "SYSFLOW_MACHINE: exit status ")
	if !testing.Verbose() { // which has shown it already
		t.Log(text)
	}
	require.True(t, found, "the machine has not come to its end")
	status, _, _ := strings.Cut(rest, "\n")
	assert.Equal(t, "0", status, "exit status of the tests in the machine")
}

// scenarioImage is a file system with the tests and the scenario.
func scenarioImage(t *testing.T, arch string) []byte {
	t.Helper()
	files, err := filepath.Glob("../scenario/*.c")
	require.NoError(t, err)
	fs := base(t, arch)
	fs.Program("scenario", vm.CProgram(t, arch, []string{"-static"}, files...))
	// the scenario runs a program that has a loader and a library
	fs.Program("bin/true", vm.CProgram(t, arch, nil, "guest/testdata/true.c"))
	for path, library := range libraries[arch] {
		fs.Program(path, vm.Library(t, arch, library))
	}
	return fs.Bytes()
}

// libraries are where a program looks for its loader and for the C library.
var libraries = map[string]map[string]string{
	"amd64": {
		"lib64/ld-linux-x86-64.so.2":     "ld-linux-x86-64.so.2",
		"lib/x86_64-linux-gnu/libc.so.6": "libc.so.6",
	},
	"arm64": {
		"lib/ld-linux-aarch64.so.1":       "ld-linux-aarch64.so.1",
		"lib/aarch64-linux-gnu/libc.so.6": "libc.so.6",
	},
}

// base is a file system whose first process is the tests of package guest.
func base(t *testing.T, arch string) *vm.Initramfs {
	t.Helper()
	fs := new(vm.Initramfs)
	for _, dir := range []string{"proc", "sys", "dev", "tmp"} {
		fs.Dir(dir)
	}
	fs.File("etc/passwd", []byte("root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"))
	fs.File("etc/group", []byte("root:x:0:\nnogroup:x:65534:\n"))
	fs.Program("init", vm.TestBinary(t, arch, "./guest"))
	return fs
}
