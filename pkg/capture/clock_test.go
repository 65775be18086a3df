//go:build linux && (amd64 || arm64)

package capture

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClock: only the times of events follow the system's clock.
func TestClock(t *testing.T) {
	c := clock{fixed: 100, current: 100}
	assert.EqualValues(t, 107, c.event(7))
	assert.EqualValues(t, 107, c.creation(7))
	c.adjust()
	assert.EqualValues(t, 107, c.creation(7))
	now := c.event(uint64(clockNow(bootClock)))
	assert.InDelta(t, time.Now().UnixNano(), now, float64(time.Second))

	c = newClock()
	assert.Equal(t, c.fixed, c.current)
	assert.NotZero(t, c.fixed)
}

// TestBootOffset: the kernel's own time of boot, in seconds, is the same.
func TestBootOffset(t *testing.T) {
	b, err := os.ReadFile("/proc/stat")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(b), "\nbtime ")
	if !found {
		t.Skip("no btime in /proc/stat here")
	}
	line, _, _ := strings.Cut(rest, "\n")
	btime, err := strconv.ParseInt(line, 10, 64)
	require.NoError(t, err)
	assert.InDelta(t, btime, float64(bootOffset())/1e9, 2)
}
