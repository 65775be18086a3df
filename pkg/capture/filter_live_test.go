//go:build linux && (amd64 || arm64)

package capture

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// TestLateVerdict: that a process is not wanted says nothing about the program that it has gone on
// to when the verdict comes, but holds for the one that it was made about.
func TestLateVerdict(t *testing.T) {
	needCapture(t)
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for _, path := range []string{first, second} {
		require.NoError(t, os.WriteFile(path, nil, 0o600))
	}
	seen := make(map[string]bool)
	var pid int32
	var created int64
	execs, ended := 0, false
	opts := DefaultOptions()
	opts.Filtered = true
	c, err := Open(opts, func(e *flow.Event) {
		if e.PID != pid {
			return
		}
		switch e.Type {
		case flow.EventExec:
			created = e.CreateTS
			execs++
		case flow.EventFlowStart:
			seen[e.Path] = true
		case flow.EventExit:
			ended = true
		}
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	then := fmt.Sprintf("read y; exec 3<%s; read y; exec 3<%s; read y", first, second)
	cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `read x; exec /bin/sh -c "$0"`, then)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	next := func() {
		t.Helper()
		_, err := io.WriteString(stdin, "\n")
		require.NoError(t, err)
	}
	require.NoError(t, cmd.Start())
	pid = int32(cmd.Process.Pid)
	readUntil(t, c, "first program", func() bool { return execs == 1 })

	next()
	require.Eventually(t, func() bool {
		args, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return err == nil && strings.HasPrefix(string(args), "/bin/sh\x00-c\x00read y")
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, c.Judge(pid, created, false))
	next()
	readUntil(t, c, "file of the second program", func() bool { return seen[first] })

	require.Equal(t, 2, execs)
	require.NoError(t, c.Judge(pid, created, false))
	next()
	next()
	require.NoError(t, cmd.Wait())
	readUntil(t, c, "end", func() bool { return ended })
	assert.NotContains(t, seen, second)
}
