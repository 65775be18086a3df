//go:build amd64 || arm64

package capture

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const insidePID = 42

// fakeContainer returns a host that knows a container whose process sees a root directory of the
// test's making, that directory, and the container's id.
func fakeContainer(t *testing.T) (h *Host, root, id string) {
	t.Helper()
	proc := fakeProc(t, map[string]string{"42/uid_map": "0 0 4294967295\n", "1/status": ""})
	root = t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "etc"), 0o700))
	require.NoError(t, os.Symlink(root, proc.file(insidePID, "root")))
	require.NoError(t, os.Symlink("/", proc.file(1, "root")))
	c := NewContainers()
	full := strings.Repeat("ab", 32)
	c.learn(1, "/docker/"+full)
	id = full[:12]
	c.notePID(id, insidePID, true)
	h = &Host{proc: proc}
	h.UseContainers(c)
	h.inside.root.patience = time.Minute
	return h, root, id
}

// lookAgain lets the host look at the container's files although it did so just now.
func lookAgain(h *Host) { h.inside.known.Clear() }

func TestNamesInside(t *testing.T) {
	h, root, id := fakeContainer(t)
	assert.Equal(t, "root", h.UserName(id, 0), "without any files")
	assert.Empty(t, h.UserName(id, 33))

	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(root, "etc", name), []byte(content), 0o600))
	}
	write("passwd", "web:x:33:33:::\n")
	write("group", "www:x:33:\n")
	assert.Empty(t, h.UserName(id, 33), "not looked at again so soon")
	lookAgain(h)
	assert.Equal(t, "web", h.UserName(id, 33))
	assert.Equal(t, "www", h.GroupName(id, 33))
	assert.Equal(t, "root", h.GroupName(id, 0))
	assert.Empty(t, h.UserName("0123456789ab", 33), "another container")

	lookAgain(h)
	require.NoError(t, os.WriteFile(h.proc.file(insidePID, "uid_map"), []byte("0 100000 65536\n"), 0o600))
	assert.Equal(t, "web", h.UserName(id, 100033), "in a user namespace")
	assert.Empty(t, h.UserName(id, 33))
	assert.Equal(t, "root", h.UserName(id, 100000))

	require.NoError(t, os.Remove(h.proc.file(insidePID, "root")))
	h.inside.of(id).checked = time.Time{}
	assert.Equal(t, "web", h.UserName(id, 100033), "the last known name stays when the process is gone")
	assert.Zero(t, h.inside.containers.pid(id), "and another process may take its place")
}

// TestNamesInsideOnly: whatever a container puts at the place of its files, nothing of the host is
// read, and nobody has to wait.
func TestNamesInsideOnly(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "passwd")
	require.NoError(t, os.WriteFile(outside, []byte("secret:x:33:33:::\n"), 0o600))
	for name, put := range map[string]func(path string) error{
		"a link out of the root":    func(path string) error { return os.Symlink(outside, path) },
		"a link to above the root":  func(path string) error { return os.Symlink("../../../../../../../.."+outside, path) },
		"a link to itself":          func(path string) error { return os.Symlink("passwd", path) },
		"a magic link":              func(path string) error { return os.Symlink("/proc/self/exe", path) },
		"a pipe that nobody writes": func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a directory":               func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			h, root, id := fakeContainer(t)
			require.NoError(t, put(filepath.Join(root, "etc", "passwd")))
			assert.Empty(t, h.UserName(id, 33))
		})
	}
	t.Run("a link inside", func(t *testing.T) {
		h, root, id := fakeContainer(t)
		require.NoError(t, os.WriteFile(filepath.Join(root, "users"), []byte("web:x:33:33:::\n"), 0o600))
		require.NoError(t, os.Symlink("/users", filepath.Join(root, "etc", "passwd")))
		assert.Equal(t, "web", h.UserName(id, 33))
	})
	t.Run("a large file", func(t *testing.T) {
		h, root, id := fakeContainer(t)
		content := strings.Repeat("#\n", maxNamesFile/2) + "web:x:33:33:::\n"
		require.NoError(t, os.WriteFile(filepath.Join(root, "etc", "passwd"), []byte(content), 0o600))
		assert.Empty(t, h.UserName(id, 33))
	})
	t.Run("the host's root", func(t *testing.T) {
		h, _, id := fakeContainer(t)
		require.NoError(t, os.Remove(h.proc.file(insidePID, "root")))
		require.NoError(t, os.Symlink("/", h.proc.file(insidePID, "root")))
		_, outcome := h.inside.root.read(insidePID)
		assert.Equal(t, rootGone, outcome)
		assert.Empty(t, h.UserName(id, 1))
	})
	t.Run("no reader is free", func(t *testing.T) {
		h, root, id := fakeContainer(t)
		require.NoError(t, os.WriteFile(filepath.Join(root, "etc", "passwd"), []byte("web:x:33:33:::\n"), 0o600))
		for range rootReaders {
			h.inside.root.slots <- struct{}{}
		}
		assert.Empty(t, h.UserName(id, 33))
		assert.True(t, h.inside.of(id).checked.After(time.Now()), "left alone for a while")
	})
}

func TestMountedControllers(t *testing.T) {
	got := mountedControllers("#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t10\t1\nmemory\t4\t10\t1\nx\n")
	assert.Equal(t, map[string]bool{"cpu": false, "memory": true}, got)
}
