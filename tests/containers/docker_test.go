package containers

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// engine is a Docker Engine of the test's own.
type engine struct {
	t      *testing.T
	dir    string
	daemon *daemon
}

func startDocker(t *testing.T) *engine {
	t.Helper()
	program(t, "docker", "docker.io")
	program(t, "runc", "runc")
	e := &engine{t: t, dir: folder(t)}
	e.start()
	e.docker("load", "--input", image(t))
	return e
}

// in returns the engine for the use of a subtest.
func (e *engine) in(t *testing.T) *engine {
	sub := *e
	sub.t = t
	return &sub
}

func (e *engine) socket() string { return filepath.Join(e.dir, "docker.sock") }

func (e *engine) start() {
	e.daemon = launch(e.t, func() error { return e.command("version").Run() },
		program(e.t, "dockerd", "docker.io"),
		"--host", "unix://"+e.socket(), "--pidfile", filepath.Join(e.dir, "pid"),
		"--data-root", filepath.Join(e.dir, "data"), "--exec-root", filepath.Join(e.dir, "exec"),
		"--bridge", "none", "--iptables=false", "--ip6tables=false")
}

func (e *engine) command(args ...string) *exec.Cmd {
	return exec.Command("docker", append([]string{"--host", "unix://" + e.socket()}, args...)...)
}

// docker runs a command and returns what it prints.
func (e *engine) docker(args ...string) string {
	e.t.Helper()
	out, err := e.command(args...).CombinedOutput()
	require.NoError(e.t, err, "docker %s: %s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// create makes a container that is removed at the end, and returns its id.
func (e *engine) create(args ...string) string {
	e.t.Helper()
	return e.docker(append([]string{"create", "--network", "none"}, args...)...)
}

func short(id string) string { return id[:12] }

func TestDocker(t *testing.T) {
	collector.NeedCapture(t)
	docker := startDocker(t)
	o := observe(t, func(c *sysflowreceiver.Config) {
		c.Containers.Sockets = []string{"unix://" + docker.socket()}
		// slow machines are not what is tested here
		c.Containers.Wait, c.Containers.Timeout = patience, patience
	})
	t.Run("metadata", func(t *testing.T) { testDockerMetadata(t, docker.in(t), o) })
	t.Run("privileged", func(t *testing.T) {
		e := docker.in(t)
		id := e.create("--privileged", imageName, "true")
		if out, err := e.command("start", "--attach", id).CombinedOutput(); err != nil {
			// where root itself lacks a capability, the runtime gets as far as giving it away
			t.Logf("start: %s", out)
		}
		s := o.await(t, "something in the container", in(short(id)))
		require.NotNil(t, s.container)
		assert.True(t, s.container.Privileged)
	})
	t.Run("exec", func(t *testing.T) {
		e := docker.in(t)
		id := e.create("--rm", imageName)
		e.docker("start", id)
		e.docker("exec", "--user", "1234", id, "echo", "executed inside")
		s := o.await(t, "the program", func(s *seen) bool { return s.is("executed inside") && s.process.ContainerID != "" })
		assert.Equal(t, short(id), s.process.ContainerID)
		assert.Equal(t, "webmaster", s.process.UserName)
		e.docker("kill", id)
	})
	t.Run("fifty at once", func(t *testing.T) { testFifty(t, docker.in(t), o) })
	t.Run("restarted", func(t *testing.T) {
		docker.daemon.stop()
		docker.start()
		e := docker.in(t)
		id := e.create("--rm", "--name", "after-restart", imageName, "echo", "after the restart")
		e.docker("start", "--attach", id)
		s := o.await(t, "the program", func(s *seen) bool { return s.is("after the restart") && in(short(id))(s) })
		require.NotNil(t, s.container)
		assert.Equal(t, "after-restart", s.container.Name)
	})
	for _, s := range o.find(func(s *seen) bool { return s.container != nil }) {
		assert.Equal(t, s.process.ContainerID, s.container.ID)
	}
}

func testDockerMetadata(t *testing.T, e *engine, o *observer) {
	dir := t.TempDir()
	id := e.create("--rm", "--name", "greeter", "--label", "team=blue", "--volume", dir+":/mnt:ro", imageName,
		"sh", "-c", "cat /etc/passwd >/dev/null; echo done here")
	e.docker("start", "--attach", id)
	main := o.await(t, "the container's program", func(s *seen) bool { return s.is("done here") && in(short(id))(s) })
	assert.Equal(t, "root", main.process.UserName)
	assert.True(t, main.process.Entry)
	c := main.container
	require.NotNil(t, c)
	assert.Equal(t, "greeter", c.Name)
	assert.Equal(t, strings.TrimPrefix(imageName, "docker.io/library/"), strings.TrimPrefix(c.Image, "docker.io/library/"))
	assert.Equal(t, strings.TrimPrefix(e.docker("image", "inspect", "--format", "{{.Id}}", imageName), "sha256:"), c.ImageID)
	assert.Equal(t, sysflow.ContainerDocker, c.Type)
	assert.False(t, c.Privileged)
	assert.Nil(t, main.pod)

	o.await(t, "the end", func(s *seen) bool { return s.op == sysflow.OpExit && s.process.OID == main.process.OID })
	o.await(t, "its child", func(s *seen) bool { return s.is("/etc/passwd") && in(short(id))(s) })
	for _, s := range o.find(in(short(id))) {
		require.NotNil(t, s.container, "%s %s of %s %s", s.kind, s.op, s.process.Exe, s.process.ExeArgs)
		assert.Equal(t, "greeter", s.container.Name)
	}
}

// testFifty starts many containers that end at once.
func testFifty(t *testing.T, e *engine, o *observer) {
	const n = 50
	names := make(map[string]string)
	for i := range n {
		name := fmt.Sprintf("short-%d", i)
		names[short(e.create("--name", name, imageName, "true"))] = name
	}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() { assert.NoError(t, e.command("start", "--attach", name).Run()) })
	}
	wg.Wait()
	ended := func(s *seen) bool {
		return s.op == sysflow.OpExit && names[s.process.ContainerID] != "" && s.process.Entry
	}
	require.Eventually(t, func() bool { return len(o.find(ended)) >= n }, patience, 50*time.Millisecond, "the end of all")
	for _, s := range o.find(func(s *seen) bool { return names[s.process.ContainerID] != "" }) {
		if assert.NotNil(t, s.container, "%s %s of %s in %s", s.kind, s.op, s.process.Exe, s.process.ContainerID) {
			assert.Equal(t, names[s.process.ContainerID], s.container.Name)
		}
	}
}
