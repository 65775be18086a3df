package filereceiver

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTerminate: the process is asked to end until it does, and asking it before it
// listens does not kill it.
func TestTerminate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot signal itself on Windows")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- terminate(ctx) }()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM) // as late as the collector may be
	defer signal.Stop(signals)
	for range 2 {
		select {
		case s := <-signals:
			assert.Equal(t, syscall.SIGTERM, s)
		case <-time.After(patience):
			require.Fail(t, "no signal came")
		}
	}
	cancel()
	require.NoError(t, <-done)
}
