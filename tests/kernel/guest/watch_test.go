//go:build linux

package guest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// watchVariable names the folder of a capture's output, and makes this binary a capture.
const watchVariable = "SYSFLOW_WATCH"

const pollInterval = 25 * time.Millisecond

// watcher is a capture in another process.
type watcher struct {
	dir   string
	cmd   *exec.Cmd
	stdin io.Closer
}

// startWatcher returns once the capture has begun.
func startWatcher(t *testing.T) *watcher {
	t.Helper()
	w := &watcher{dir: t.TempDir(), cmd: exec.Command("/init")}
	w.cmd.Env = append(os.Environ(), watchVariable+"="+w.dir)
	w.cmd.Stderr = os.Stderr
	stdin, err := w.cmd.StdinPipe()
	require.NoError(t, err)
	w.stdin = stdin
	stdout, err := w.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, w.cmd.Start())
	_, err = stdout.Read(make([]byte, 1))
	require.NoError(t, err, "the capture is to say that it has begun")
	return w
}

// stop ends the capture and returns its trace. It fails the test if something was lost.
func (w *watcher) stop(t *testing.T) (trace string) {
	t.Helper()
	require.NoError(t, w.stdin.Close())
	require.NoError(t, w.cmd.Wait())
	b, err := os.ReadFile(filepath.Join(w.dir, "losses"))
	require.NoError(t, err)
	var losses capture.Losses
	require.NoError(t, json.Unmarshal(b, &losses))
	for i, n := range losses {
		assert.Zero(t, n, "lost: %v", capture.Loss(i))
	}
	return filepath.Join(w.dir, "trace")
}

// watchMain is the main program of a capture: it writes a trace until standard input ends.
func watchMain(dir string) int {
	if err := watch(dir); err != nil {
		fmt.Fprintln(os.Stderr, "capture:", err)
		return 1
	}
	return 0
}

func watch(dir string) error {
	file, err := os.Create(filepath.Join(dir, "trace"))
	if err != nil {
		return err
	}
	trace, err := avro.NewWriter(file, avro.WriterOptions{Version: sysflow.SchemaV6})
	if err != nil {
		return err
	}
	add := func(rec sysflow.Record) { err = errors.Join(err, trace.Write(rec)) }
	add(&sysflow.Header{Version: sysflow.SchemaV6, Exporter: "guest"})

	var builder *flow.Builder
	c, openErr := capture.Open(allEvents(), func(e *flow.Event) { builder.Apply(e) })
	if openErr != nil {
		return openErr
	}
	defer c.Close()
	builder = flow.NewBuilder(flow.DefaultConfig(), c.Meter(), capture.NewHost(), add)
	if snapshotErr := c.Snapshot(); snapshotErr != nil {
		return snapshotErr
	}
	fmt.Println("capture started")
	if readErr := readUntil(inputEnd(), c, builder); readErr != nil {
		return readErr
	}
	c.Detach()
	readErr := c.Drain()
	builder.Close(c.Now())
	return errors.Join(err, readErr, trace.Close(), file.Close(), writeLosses(c, filepath.Join(dir, "losses")))
}

// allEvents asks for all that the scenario makes.
func allEvents() capture.Options {
	opts := capture.DefaultOptions()
	opts.Events.Signals, opts.Events.Mounts, opts.Events.Memfd = true, true, true
	opts.Events.Personality, opts.Events.Prctl, opts.Events.FailedOpens = true, true, true
	return opts
}

// inputEnd returns a channel that is closed when standard input ends.
func inputEnd() <-chan struct{} {
	end := make(chan struct{})
	go func() {
		defer close(end)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return end
}

func readUntil(end <-chan struct{}, c *capture.Capture, b *flow.Builder) error {
	for {
		select {
		case <-end:
			return nil
		default:
		}
		if err := c.Read(time.Now().Add(pollInterval)); err != nil {
			return err
		}
		b.Advance(c.Now())
	}
}

func writeLosses(c *capture.Capture, path string) error {
	losses, err := c.Losses()
	if err != nil {
		return err
	}
	b, err := json.Marshal(losses)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}
