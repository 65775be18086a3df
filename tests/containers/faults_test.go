package containers

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// bare is a container that no runtime has made: nothing but its control group.
type bare struct {
	id   string
	dirs []string
}

// newBare makes control groups as Docker does, in every hierarchy that there is.
func newBare(t *testing.T) *bare {
	t.Helper()
	var random [32]byte
	_, _ = rand.Read(random[:])
	b := &bare{id: hex.EncodeToString(random[:])}
	mounts, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if f[2] != "cgroup" && f[2] != "cgroup2" {
			continue
		}
		dir := filepath.Join(f[1], "docker", b.id)
		if strings.Contains(f[3], "cpuset") || os.MkdirAll(dir, 0o755) != nil {
			continue // cpuset wants to be told its CPUs first
		}
		b.dirs = append(b.dirs, dir)
		t.Cleanup(func() {
			assert.Eventually(t, func() bool { return os.Remove(dir) == nil }, patience, 20*time.Millisecond, "removing %s", dir)
			_ = os.Remove(filepath.Dir(dir)) // unless somebody else uses it
		})
	}
	collector.Need(t, len(b.dirs) > 0, "no control group can be made under "+string(mounts))
	return b
}

// shell is a shell that enters the container, and then runs a script with one argument.
func (b *bare) shell(script, arg string) *exec.Cmd {
	var enter strings.Builder
	for _, dir := range b.dirs {
		fmt.Fprintf(&enter, "echo $$ >%s/cgroup.procs; ", dir)
	}
	return exec.Command("/bin/sh", "-c", enter.String()+script, arg)
}

// run executes echo in the container, as a runtime does: a process enters the control group, then
// executes the program.
func (b *bare) run(t *testing.T, text string) {
	t.Helper()
	out, err := b.shell(`exec /bin/echo "$0"`, text).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// runtimeSocket listens where a container runtime would.
func runtimeSocket(t *testing.T) (net.Listener, string) {
	t.Helper()
	path := filepath.Join(folder(t), "docker.sock")
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	return l, path
}

// TestNoRuntime: containers are told apart without anybody's help, and nothing waits.
func TestNoRuntime(t *testing.T) {
	collector.NeedCapture(t)
	o := observe(t, func(c *sysflowreceiver.Config) {
		c.Containers.Sockets = []string{"/nonexistent.sock"}
		c.Containers.Wait = 2 * patience
	})
	b := newBare(t)
	b.run(t, "without a runtime")
	s := o.await(t, "the program", func(s *seen) bool { return s.is("without a runtime") && s.process.ContainerID != "" })
	assert.Equal(t, short(b.id), s.process.ContainerID)
	assert.Nil(t, s.container)
}

// TestFromBefore: a process that was in a container when the capture began is known to be.
func TestFromBefore(t *testing.T) {
	collector.NeedCapture(t)
	b := newBare(t)
	file := filepath.Join(t.TempDir(), "file")
	shell := b.shell(`echo ready; read line; echo "$line" >"$0"`, file)
	input, err := shell.StdinPipe()
	require.NoError(t, err)
	output, err := shell.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, shell.Start())
	_, err = bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	o := observe(t, func(c *sysflowreceiver.Config) { c.Containers.Sockets = []string{"/nonexistent.sock"} })
	require.NoError(t, exec.Command("/bin/echo", "capture works").Run())
	o.await(t, "what comes after the snapshot", func(s *seen) bool { return s.is("capture works") })
	_, err = io.WriteString(input, "go on\n")
	require.NoError(t, err)
	require.NoError(t, shell.Wait())
	s := o.await(t, "its end", func(s *seen) bool {
		return s.op == sysflow.OpExit && s.process.OID.HPID == int64(shell.Process.Pid)
	})
	assert.Equal(t, short(b.id), s.process.ContainerID)
}

// TestHungRuntime: a socket that takes connections and never answers delays what happens in new
// containers by the time that is set, and nothing else.
func TestHungRuntime(t *testing.T) {
	collector.NeedCapture(t)
	l, socket := runtimeSocket(t)
	t.Cleanup(func() { _ = l.Close() }) // nobody accepts: the kernel does
	o := observe(t, func(c *sysflowreceiver.Config) {
		c.Containers.Sockets = []string{socket}
		c.Containers.Wait, c.Containers.Timeout = 300*time.Millisecond, 2*patience
	})
	b := newBare(t)
	b.run(t, "with a hung runtime")
	s := o.await(t, "the program", func(s *seen) bool { return s.is("with a hung runtime") && s.process.ContainerID != "" })
	assert.Equal(t, short(b.id), s.process.ContainerID)
	assert.Nil(t, s.container)
	require.NoError(t, exec.Command("/bin/echo", "on the host").Run())
	o.await(t, "what happens on the host", func(s *seen) bool { return s.is("on the host") && s.process.ContainerID == "" })
}

// TestLateRuntime: what a runtime tells too late for the first records is told of later ones.
func TestLateRuntime(t *testing.T) {
	collector.NeedCapture(t)
	l, socket := runtimeSocket(t)
	var awake atomic.Bool
	b := newBare(t)
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !awake.Load():
			<-r.Context().Done()
		case strings.HasSuffix(r.URL.Path, "/containers/"+b.id+"/json"):
			fmt.Fprintf(w, `{"Id": %q, "Name": "/late", "Config": {"Image": "app:1"}}`, b.id)
		case r.URL.Path == "/version":
			fmt.Fprint(w, `{}`)
		default:
			http.NotFound(w, r)
		}
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		assert.ErrorIs(t, <-served, http.ErrServerClosed)
	})
	o := observe(t, func(c *sysflowreceiver.Config) {
		c.Containers.Sockets = []string{socket}
		c.Containers.Wait, c.Containers.Timeout = 100*time.Millisecond, 200*time.Millisecond
	})
	b.run(t, "first in the container")
	s := o.await(t, "the first program", func(s *seen) bool { return s.is("first in the") && in(short(b.id))(s) })
	assert.Nil(t, s.container)
	awake.Store(true)
	require.Eventually(t, func() bool { return o.described(short(b.id)) }, patience, 20*time.Millisecond, "the container's record")
	b.run(t, "second in the container")
	s = o.await(t, "the second program", func(s *seen) bool { return s.is("second in the") && in(short(b.id))(s) })
	require.NotNil(t, s.container)
	assert.Equal(t, "late", s.container.Name)
	assert.Equal(t, "app:1", s.container.Image)
}
