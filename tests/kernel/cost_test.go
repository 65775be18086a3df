package kernel

import (
	"flag"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/vm"
)

var update = flag.Bool("update", false, "write what was measured to docs/kernel-cost.md")

const (
	costFile = "../../docs/kernel-cost.md"
	// tolerance is by how much a call may become more expensive without the table being changed.
	tolerance = 0.03
	// execNoise is the part of a fork and exec that differs from build to build: their page tables.
	execNoise = 0.005
)

// TestCost counts the instructions that the capture adds to system calls and compares them with the
// table in docs, which -update writes. The counts of a build are the same on every machine.
func TestCost(t *testing.T) {
	table, err := readCosts(costFile)
	require.NoError(t, err)
	var mu sync.Mutex
	t.Run("kernels", func(t *testing.T) {
		for _, name := range names() {
			// the counter of arm64 ticks only every 16 instructions
			if !vm.Selected(t, name) || !strings.HasSuffix(name, "-amd64") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				measured := measure(t, name)
				mu.Lock()
				defer mu.Unlock()
				if *update {
					table.put(measured)
					return
				}
				compare(t, table.of(name), measured)
			})
		}
	})
	if *update && !t.Failed() {
		require.NoError(t, table.write(costFile))
	}
}

// measure boots a kernel and counts.
func measure(t *testing.T, name string) kernelCosts {
	t.Helper()
	k := vm.Find(t, name)
	console := vm.Boot(t, vm.Machine{
		Kernel: k, Initramfs: costImage(t, k.Arch()), Counted: true, Timeout: 15 * time.Minute,
		// the same addresses on every boot
		Append: "mitigations=off nokaslr norandmaps SYSFLOW_MACHINE=1 -- -test.v -test.run=TestCost",
	})
	report(t, console)
	costs := kernelCosts{Kernel: name, Version: k.Version}
	for line := range strings.Lines(console) {
		f := strings.Fields(line)
		if len(f) != 5 || f[0] != "COST" {
			continue
		}
		var n [3]int
		for i := range n {
			var err error
			n[i], err = strconv.Atoi(f[2+i])
			require.NoError(t, err, line)
		}
		costs.Calls = append(costs.Calls, cost{Call: f[1], Bare: n[0], Empty: n[1] - n[0], Capture: n[2] - n[0]})
	}
	require.NotEmpty(t, costs.Calls, "counts on the console")
	t.Logf("\n%s", costs.markdown())
	return costs
}

// compare fails the test for calls that have become more expensive, and tells of those that have
// become cheaper.
func compare(t *testing.T, want *kernelCosts, got kernelCosts) {
	t.Helper()
	const mend = "make bench-kernel UPDATE=1 writes docs/kernel-cost.md anew, for a change that says why"
	if !assert.NotNil(t, want, "%s is not in docs/kernel-cost.md; %s", got.Kernel, mend) {
		return
	}
	if want.Version != got.Version {
		t.Logf("the table is about %s, this kernel is %s", want.Version, got.Version)
	}
	for _, g := range got.Calls {
		i := slices.IndexFunc(want.Calls, func(w cost) bool { return w.Call == g.Call })
		if !assert.GreaterOrEqual(t, i, 0, "%s is not in the table; %s", g.Call, mend) {
			continue
		}
		w := want.Calls[i]
		room := tolerance * float64(w.Capture)
		if g.Call == "exec" {
			room += execNoise * float64(w.Bare)
		}
		switch diff := float64(g.Capture - w.Capture); {
		case diff > room:
			t.Errorf("%s adds %d instructions instead of %d; %s", g.Call, g.Capture, w.Capture, mend)
		case diff < -room:
			t.Logf("%s adds only %d instructions instead of %d; %s", g.Call, g.Capture, w.Capture, mend)
		}
	}
}

// costImage is a file system with the tests and the loops.
func costImage(t *testing.T, arch string) []byte {
	t.Helper()
	files, err := filepath.Glob("../bench/loop/*.c")
	require.NoError(t, err)
	fs := base(t, arch)
	fs.Program("loop", vm.CProgram(t, arch, []string{"-static"}, files...))
	return fs.Bytes()
}
