package collector

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 60 * time.Second
	pollInterval = 20 * time.Millisecond
	tailLines    = 8
)

// Collector is a running collector.
type Collector struct {
	// Dir is a folder of its own, where it also runs.
	Dir string

	cmd     *exec.Cmd
	exited  chan struct{}
	err     error
	logs    buffer
	health  string
	metrics string
}

// base is the part of the configuration that every test has: a way to see that it is
// ready, and its own metrics.
const base = `
extensions:
  health_check:
    endpoint: %s
service:
  extensions: [health_check]
  telemetry:
    logs:
      level: info
      encoding: json
    metrics:
      level: detailed
      readers:
        - pull:
            exporter:
              prometheus:
                host: 127.0.0.1
                port: %s
`

// Start starts the collector with a configuration that has everything but extensions
// and telemetry, and returns once it is ready. It is stopped when the test ends.
func Start(t testing.TB, config string) *Collector {
	t.Helper()
	c := launch(t, config)
	require.NoError(t, c.waitReady(t.Context()), "%s", &c.logs)
	return c
}

// Run runs the collector with a configuration that makes it end by itself.
func Run(t testing.TB, config string) *Collector {
	t.Helper()
	c := launch(t, config)
	select {
	case <-c.exited:
		require.NoError(t, c.err, "%s", &c.logs)
	case <-time.After(startTimeout):
		t.Fatalf("the collector did not end by itself within %v", startTimeout)
	}
	return c
}

func launch(t testing.TB, config string) *Collector {
	t.Helper()
	c := &Collector{Dir: t.TempDir(), exited: make(chan struct{})}
	c.health, c.metrics = freeAddr(t), freeAddr(t)
	_, port, err := net.SplitHostPort(c.metrics)
	require.NoError(t, err)
	c.write(t, "base.yaml", fmt.Sprintf(base, c.health, port))
	c.write(t, "config.yaml", config)

	c.cmd = exec.Command(Binary(t, "otelcol-sysflow"), "--config", "base.yaml", "--config", "config.yaml")
	c.cmd.Dir = c.Dir
	c.cmd.Stdout, c.cmd.Stderr = &c.logs, &c.logs
	require.NoError(t, c.cmd.Start())
	go func() {
		c.err = c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() { c.end(t) })
	return c
}

func (c *Collector) write(t testing.TB, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(c.Dir, name), []byte(content), 0o600))
}

// freeAddr returns a loopback address that nobody listens on.
func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (c *Collector) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.health, http.NoBody)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-c.exited:
			return fmt.Errorf("the collector ended while it started: %w", c.err)
		case <-ctx.Done():
			return fmt.Errorf("the collector did not become ready: %w", ctx.Err())
		case <-time.After(pollInterval):
		}
	}
}

// PID returns the collector's process id.
func (c *Collector) PID() int { return c.cmd.Process.Pid }

// Logs returns what the collector has logged so far.
func (c *Collector) Logs() string { return c.logs.String() }

// WaitLog waits until a message has been logged.
func (c *Collector) WaitLog(t testing.TB, msg string) {
	t.Helper()
	deadline := time.After(startTimeout)
	for !slices.ContainsFunc(c.LogLines(), func(l LogLine) bool { return l.Msg == msg }) {
		select {
		case <-c.exited:
			t.Fatalf("the collector ended before it logged %q", msg)
		case <-deadline:
			t.Fatalf("%q was not logged within %v", msg, startTimeout)
		case <-time.After(pollInterval):
		}
	}
}

// Exited is closed when the collector has ended.
func (c *Collector) Exited() <-chan struct{} { return c.exited }

// Stop asks the collector to end, waits for it and fails the test if it did not end well.
func (c *Collector) Stop(t testing.TB) {
	t.Helper()
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.exited:
	case <-time.After(stopTimeout):
		_ = c.cmd.Process.Kill()
		t.Fatalf("the collector did not end within %v of SIGTERM:\n%s", stopTimeout, &c.logs)
	}
	require.NoError(t, c.err, "%s", &c.logs)
}

// end makes sure that the collector is gone after the test.
func (c *Collector) end(t testing.TB) {
	t.Helper()
	select {
	case <-c.exited:
	default:
		_ = c.cmd.Process.Kill()
		<-c.exited
	}
	if t.Failed() {
		t.Logf("the collector complained:\n%s\nend of its log:\n%s", strings.Join(c.Complaints(), "\n"), c.Tail(tailLines))
	}
}

// buffer is a bytes.Buffer for concurrent use.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
