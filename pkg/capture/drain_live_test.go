//go:build linux && (amd64 || arm64)

package capture

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// TestDrain wants all that was in the ring buffer at the end, be it more than Read takes at once.
func TestDrain(t *testing.T) {
	needCapture(t)
	const name, times = "/sysflow-test-missing/", 5 * readBurst
	opts := DefaultOptions()
	opts.Self = true
	seen := 0
	c, err := Open(opts, func(e *flow.Event) {
		if e.Op == sysflow.OpRmdir && strings.HasPrefix(e.Path, name) {
			seen++
		}
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	for range times {
		require.Error(t, os.Remove(name+"x")) // unlink, then rmdir
	}
	c.Detach()
	produced := c.Now()
	require.NoError(t, c.Read(time.Now()))
	assert.Less(t, c.Seen(), produced, "some are left")
	require.NoError(t, c.Drain())
	assert.Greater(t, c.Seen(), produced)
	losses, err := c.Losses()
	require.NoError(t, err)
	assert.Zero(t, losses[LossRingFull])
	assert.Equal(t, times, seen)
}
