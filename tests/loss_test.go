package tests

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

// smallConfig makes everything overflow: a small ring buffer, short arguments and
// environments.
const smallConfig = `
receivers:
  sysflow:
    capture:
      ring_buffer_size: 65536
      max_args: 64
      max_env: 64
exporters:
  file:
    path: logs.json
    flush_interval: 50ms
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [file]
`

// TestLiveSharedDescriptors wants no loss told where two threads use a descriptor for the first
// time at the same moment.
func TestLiveSharedDescriptors(t *testing.T) {
	collector.NeedCapture(t)
	c := collector.Start(t, `
receivers:
  sysflow:
exporters:
  nop:
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [nop]
`)
	c.WaitLog(t, collector.CaptureStarted)
	zero, err := unix.Open("/dev/zero", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	require.NoError(t, err)
	defer func() { _ = unix.Close(zero) }()
	for range 5_000 {
		fd, err := unix.Dup(zero)
		require.NoError(t, err)
		var ready atomic.Int32
		var readers sync.WaitGroup
		for range 2 {
			readers.Go(func() {
				buf := make([]byte, 1)
				ready.Add(1)
				for ready.Load() < 2 {
					runtime.Gosched()
				}
				_, err := unix.Read(fd, buf)
				assert.NoError(t, err)
			})
		}
		readers.Wait()
		defer func() { _ = unix.Close(fd) }()
	}
	assert.Empty(t, collector.Losses(c.Metrics(t)))
	c.Stop(t)
}

// TestLiveLosses wants every loss counted and told, and the capture to go on after it.
func TestLiveLosses(t *testing.T) {
	collector.NeedCapture(t)
	loop := scenario.Build(t, filepath.Join("bench", "loop"), "loop")
	c := collector.Start(t, smallConfig)
	c.WaitLog(t, collector.CaptureStarted)
	out, err := exec.CommandContext(t.Context(), loop, "open", "50000", "1", "0").CombinedOutput()
	require.NoError(t, err, "%s", out)
	c.WaitLog(t, "Something is missing in what was captured")

	args := []string{"-c", "exit 0", strings.Repeat("x", 200)}
	cmd := exec.CommandContext(t.Context(), "/bin/sh", args...)
	cmd.Env = []string{"FIRST=1", "SECOND=" + strings.Repeat("y", 200)}
	require.NoError(t, cmd.Run())

	records := collector.Follow(filepath.Join(c.Dir, "logs.json"))
	o := records.Next(t, "the shell", func(o plogs.Observation) bool {
		e, ok := o.Event.(*sysflow.ProcessEvent)
		return ok && e.OpFlags == sysflow.OpExec && o.Process.OID.HPID == int64(cmd.Process.Pid)
	})
	// the limit is on what the kernel holds, with the program's name
	assert.Equal(t, strings.Join(args, " ")[:64-len("/bin/sh ")], o.Process.ExeArgs)
	assert.Contains(t, o.Process.Env, "FIRST=1")

	losses := collector.LossCauses(c.Metrics(t))
	for _, cause := range []string{"ring_buffer_full", "args_cut", "env_cut"} {
		assert.Positive(t, losses[cause], "losses because of %s: %v", cause, losses)
	}
	assert.True(t, slices.ContainsFunc(c.LogLines(), func(l collector.LogLine) bool {
		n, ok := l.Fields["ring_buffer_full"].(float64)
		return ok && n > 0 && l.Level == "warn"
	}), "a warning tells of the loss")
	c.Stop(t)
}
