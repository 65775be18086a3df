//go:build linux

package guest

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/floor"
)

// loop is tests/bench/loop, compiled for this machine.
const loop = "/loop"

// loops are the measured loops and how often each turns: enough for a median that the work of timers
// does not touch.
var loops = []struct {
	name  string
	turns int
}{
	{"getppid", 500},
	{"read", 500},
	{"write", 500},
	{"readv", 500},
	{"open", 300},
	{"tcp", 300},
	{"udp", 300},
	{"uring", 300},
	{"exec", 40},
}

// TestCost prints what a turn of each loop costs, for the host to read: with nothing attached, with a
// program that does nothing on sys_exit, and with the capture.
func TestCost(t *testing.T) {
	bare := count(t)
	detach := floor.Attach(t)
	empty := count(t)
	detach()
	w := startWatcher(t)
	captured := count(t)
	w.stop(t)
	for i, l := range loops {
		fmt.Printf("COST %s %d %d %d\n", l.name, bare[i], empty[i], captured[i])
	}
}

// count returns the counts of all loops.
func count(t *testing.T) (counts []int) {
	t.Helper()
	for _, l := range loops {
		out, err := exec.CommandContext(t.Context(), loop, "count", l.name, strconv.Itoa(l.turns)).CombinedOutput()
		require.NoError(t, err, "%s: %s", l.name, out)
		n, err := strconv.Atoi(strings.TrimSpace(string(out)))
		require.NoError(t, err)
		counts = append(counts, n)
	}
	return counts
}
