package collector

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ticksPerSecond is USER_HZ, which is 100 on every architecture that Linux still has.
const ticksPerSecond = 100

// CPU returns the processor time that the collector has used.
func (c *Collector) CPU(t testing.TB) time.Duration {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.PID()))
	require.NoError(t, err)
	// the name in parentheses may hold anything; utime and stime are fields 14 and 15
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	require.Greater(t, len(fields), 13)
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		require.NoError(t, err)
		ticks += n
	}
	return time.Duration(ticks) * time.Second / ticksPerSecond
}

// PeakMemory returns the most bytes that the collector ever had resident; false once it
// has ended.
func (c *Collector) PeakMemory() (int64, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.PID()))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err == nil
		}
	}
	return 0, false
}
