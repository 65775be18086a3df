//go:build linux && (amd64 || arm64)

package capture

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// TestUntoldFlows: a file and a peer whose first use found the ring buffer full are told with
// their next one, when there is room again.
func TestUntoldFlows(t *testing.T) {
	needCapture(t)
	files, peers := make(map[string]int), make(map[uint16]int)
	opts := DefaultOptions()
	opts.Self, opts.RingBufferSize = true, uint32(os.Getpagesize())
	self := int32(os.Getpid())
	c, err := Open(opts, func(e *flow.Event) {
		if e.PID == self && e.Type == flow.EventFlowStart {
			files[e.Path]++
			peers[e.Flow.Peer.Port()]++
		}
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	drain := func() {
		t.Helper()
		require.NoError(t, c.Read(time.Now().Add(10*time.Millisecond)))
	}
	lost := func() uint64 {
		t.Helper()
		losses, lossErr := c.Losses()
		require.NoError(t, lossErr)
		return losses[LossRingFull]
	}

	server, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer server.Close()
	peer := server.LocalAddr().(*net.UDPAddr)
	client, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	defer client.Close()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("content"), 0o600))
	drain()
	for missing := filepath.Join(filepath.Dir(path), "missing"); lost() == 0; {
		require.Error(t, os.Remove(missing))
	}
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	_, err = client.WriteTo([]byte("x"), peer)
	require.NoError(t, err)
	before := lost()
	clear(files)
	clear(peers)

	drain()
	require.Zero(t, files[path])
	buf := make([]byte, 1)
	for range 3 {
		_, err = f.Read(buf)
		require.NoError(t, err)
		_, err = client.WriteTo([]byte("x"), peer)
		require.NoError(t, err)
	}
	drain()
	assert.Equal(t, 1, files[path])
	assert.Equal(t, 1, peers[uint16(peer.Port)])
	assert.Equal(t, before, lost())
}
