//go:build unix

package sysflowconsoleexporter

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asCollector makes TestBrokenPipe be the process whose standard output breaks.
const asCollector = "SYSFLOW_TEST_AS_COLLECTOR"

// TestBrokenPipe runs an exporter in a process of its own, whose standard output, the real
// one, is read for a line and then closed: `| head -n 1`.
func TestBrokenPipe(t *testing.T) {
	if os.Getenv(asCollector) != "" {
		printUntilClosed(t)
		return
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestBrokenPipe$")
	cmd.Env = append(os.Environ(), asCollector+"=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, "CLONE")
	require.NoError(t, stdout.Close())
	_ = cmd.Wait() // the test framework itself cannot say "ok" any more
	assert.True(t, cmd.ProcessState.Exited(), cmd.ProcessState)
	assert.Equal(t, "lives on: true\n", stderr.String())
}

func printUntilClosed(t *testing.T) {
	t.Helper()
	exp := startExporter(t, os.Stdout)
	defer exp.shutdown(t)
	for {
		if err := exp.ConsumeLogs(t.Context(), scenario()); err != nil {
			again := exp.ConsumeLogs(context.Background(), scenario())
			fmt.Fprintf(os.Stderr, "lives on: %t\n", again == nil)
			return
		}
	}
}
