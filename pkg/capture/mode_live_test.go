//go:build linux && (amd64 || arm64)

package capture

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// TestConsumeKnowsNoEnds: in mode consume nothing but opens is told of files, and so no ends of
// those that were open before.
func TestConsumeKnowsNoEnds(t *testing.T) {
	needCapture(t)
	dir := t.TempDir()
	before, err := os.Create(filepath.Join(dir, "before"))
	require.NoError(t, err)
	opts := DefaultOptions()
	opts.Self, opts.Mode = true, ModeConsume
	self := int32(os.Getpid())
	opened, ended := make(map[string]bool), 0
	c, err := Open(opts, func(e *flow.Event) {
		switch {
		case e.PID != self && e.Flow.PID != self:
		case e.Type == flow.EventFlowStart && e.OpenFlags != 0:
			opened[e.Path] = true
		case e.Type == flow.EventFlowEnd:
			ended++
		}
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	require.NoError(t, c.Snapshot())
	require.NoError(t, before.Close())
	after, err := os.Create(filepath.Join(dir, "after"))
	require.NoError(t, err)
	require.NoError(t, after.Close())
	readUntil(t, c, "open", func() bool { return opened[after.Name()] })
	require.NoError(t, c.Read(time.Now().Add(10*time.Millisecond)))
	assert.Zero(t, ended)
}
