package containers

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// daemon is a running server.
type daemon struct {
	t      *testing.T
	cmd    *exec.Cmd
	exited chan struct{}
	log    logBuffer
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// tail returns the last lines.
func (l *logBuffer) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(l.b.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// program looks up a program, and the package that should be installed for it.
func program(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	collector.Need(t, err == nil, name+" is missing: install "+pkg)
	return path
}

// folder makes a folder whose name is short enough for sockets in it. What runtimes leave mounted
// there is taken down at the end.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sf-") //nolint:usetesting // t.TempDir's names are too long
	require.NoError(t, err)
	t.Cleanup(func() {
		unmountUnder(t, dir)
		assert.NoError(t, os.RemoveAll(dir))
	})
	return dir
}

func unmountUnder(t *testing.T, dir string) {
	t.Helper()
	mounts, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	lines := strings.Split(string(mounts), "\n")
	for _, line := range slices.Backward(lines) {
		if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[1], dir+"/") {
			_ = unix.Unmount(f[1], unix.MNT_DETACH)
		}
	}
}

// launch starts a server and waits until it is ready.
func launch(t *testing.T, ready func() error, name string, args ...string) *daemon {
	t.Helper()
	d := &daemon{t: t, exited: make(chan struct{})}
	d.cmd = exec.Command(name, args...)
	d.cmd.Stdout, d.cmd.Stderr = &d.log, &d.log
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt is for the test alone
	require.NoError(t, d.cmd.Start())
	go func() {
		_ = d.cmd.Wait()
		close(d.exited)
	}()
	t.Cleanup(d.stop)
	var err error
	for deadline := time.Now().Add(patience); ; {
		if err = ready(); err == nil {
			return d
		}
		select {
		case <-d.exited:
			t.Fatalf("%s ended while it started:\n%s", name, d.log.tail())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not ready: %v\n%s", name, err, d.log.tail())
		}
	}
}

// stop ends the server; it is safe to call twice.
func (d *daemon) stop() {
	select {
	case <-d.exited:
		return
	default:
	}
	_ = d.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-d.exited:
	case <-time.After(patience):
		_ = d.cmd.Process.Kill()
		<-d.exited
		d.t.Errorf("%s had to be killed:\n%s", d.cmd.Path, d.log.tail())
	}
}
