//go:build linux && (amd64 || arm64)

package capture

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// helperEnv makes the test's binary a program that changes itself, tells so on standard output, and
// waits until its standard input ends.
const helperEnv = "SYSFLOW_TEST_HELPER"

func init() {
	if os.Getenv(helperEnv) != "" {
		runtime.LockOSThread() // the first thread speaks for the process
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(helperEnv) == "" {
		os.Exit(m.Run())
	}
	for _, change := range []func() error{
		func() error { return unix.Setresgid(-1, 12, 13) },
		func() error { return unix.Unshare(unix.CLONE_NEWUTS) },
		func() error {
			head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
			data := [2]unix.CapUserData{{Effective: 1 << unix.CAP_KILL, Permitted: 1<<unix.CAP_KILL | 1<<unix.CAP_SYS_ADMIN}}
			return unix.Capset(&head, &data[0])
		},
		func() error { return os.WriteFile("/proc/self/comm", []byte("not seen"), 0) },
		func() error {
			name := []byte("renamed\x00")
			return unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
		},
	} {
		if err := change(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	fmt.Println("changed")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// needCapture skips where live capture is not asked for, and fails where it is and not possible.
func needCapture(t *testing.T) {
	t.Helper()
	if os.Getenv("SYSFLOW_TEST_PRIVILEGED") == "" {
		t.Skip("loads BPF programs: set SYSFLOW_TEST_PRIVILEGED=1, as make test-all does")
	}
	for _, r := range Check() {
		if !r.OK {
			t.Fatalf("live capture is not possible here: %s; %s", r.Detail, r.Remedy)
		}
	}
}

// watched is a capture, and the last that was written of each process.
type watched struct {
	*Capture
	builder *flow.Builder
	last    map[int32]*sysflow.Process
}

func watch(t *testing.T, opts Options) *watched {
	t.Helper()
	w := &watched{last: make(map[int32]*sysflow.Process)}
	var err error
	w.Capture, err = Open(opts, func(e *flow.Event) { w.builder.Apply(e) })
	require.NoError(t, err)
	t.Cleanup(w.Close)
	w.builder = flow.NewBuilder(flow.DefaultConfig(), w.Meter(), NewHost(), func(rec sysflow.Record) {
		if p, ok := rec.(*sysflow.Process); ok {
			w.last[int32(p.OID.HPID)] = p
		}
	})
	require.NoError(t, w.Snapshot())
	return w
}

// readUntil reads events until a condition holds.
func readUntil(t *testing.T, c *Capture, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); {
		require.True(t, time.Now().Before(end), "no %s", what)
		require.NoError(t, c.Read(time.Now().Add(10*time.Millisecond)))
	}
}

// helper is a running helper process.
type helper struct {
	pid   int32
	stdin io.Closer
}

// startHelper runs a copy of the test's binary, and returns when it has changed itself.
func startHelper(t *testing.T, exe string) helper {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args[0] = "-helper"
	cmd.Env = append(os.Environ(), helperEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "changed\n", line)
	return helper{pid: int32(cmd.Process.Pid), stdin: stdin}
}

// copyOfSelf copies the test's binary to where anybody may write to it.
func copyOfSelf(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	require.NoError(t, err)
	exe := filepath.Join(t.TempDir(), "helper")
	require.NoError(t, os.WriteFile(exe, self, 0o755))
	return exe
}

// TestLiveDetails: what the kernel side tells of a process is what /proc tells.
func TestLiveDetails(t *testing.T) {
	needCapture(t)
	for name, events := range map[string]EventGroups{"groups on": allGroups(), "groups off": {}} {
		t.Run(name, func(t *testing.T) {
			opts := DefaultOptions()
			opts.Events = events
			w := watch(t, opts)
			h := startHelper(t, copyOfSelf(t))
			// another record of the process, that what has changed comes before
			want, ok := hostProc.describe(h.pid, 0, bootOffset())
			require.True(t, ok)
			require.NoError(t, h.stdin.Close())
			readUntil(t, w.Capture, "new name", func() bool { p := w.last[h.pid]; return p != nil && p.Details != nil && p.Details.Comm == "renamed" })
			compareDetails(t, want, w.last[h.pid])
			assert.Equal(t, "-helper", want.Details.Argv0)
			assert.Equal(t, h.pid, want.Details.SID)
			assert.EqualValues(t, 1<<unix.CAP_KILL, want.Details.CapEffective)
			assert.EqualValues(t, 13, want.Details.SavedGID)
		})
	}
}

// TestLiveDetailsOfSnapshot: so is what it tells of a process from before the capture.
func TestLiveDetailsOfSnapshot(t *testing.T) {
	needCapture(t)
	h := startHelper(t, copyOfSelf(t))
	want, ok := hostProc.describe(h.pid, 0, bootOffset())
	require.True(t, ok)
	w := watch(t, DefaultOptions())
	require.NoError(t, h.stdin.Close())
	readUntil(t, w.Capture, "end of the process", func() bool { return w.last[h.pid] != nil })
	compareDetails(t, want, w.last[h.pid])
}

func compareDetails(t *testing.T, want *flow.ProcessInfo, got *sysflow.Process) {
	t.Helper()
	require.NotNil(t, want.Details)
	require.NotNil(t, got.Details)
	d := *got.Details
	d.ExeFlags &^= sysflow.ExeUpperLayer | sysflow.ExeLowerLayer // not known to /proc
	d.LoginUser = ""
	assert.Equal(t, want.Details, &d)
	assert.Equal(t, []int32{want.UID, want.GID}, []int32{got.UID, got.GID})
}

// TestLiveExeFlags: the kinds of executables are told apart.
func TestLiveExeFlags(t *testing.T) {
	needCapture(t)
	w := watch(t, DefaultOptions())
	exe := copyOfSelf(t)
	fd, err := unix.MemfdCreate("helper", 0)
	require.NoError(t, err)
	memfd := os.NewFile(uintptr(fd), "memfd")
	defer memfd.Close()
	self, err := os.ReadFile(exe)
	require.NoError(t, err)
	_, err = memfd.Write(self)
	require.NoError(t, err)
	for _, tt := range []struct {
		name, exe string
		want      sysflow.ExeFlags
	}{
		{"writable", exe, sysflow.ExeWritable},
		{"memfd", fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), fd), sysflow.ExeWritable | sysflow.ExeMemfd},
		{"upper layer", overlay(t, exe, true), sysflow.ExeWritable | sysflow.ExeUpperLayer},
		{"lower layer", overlay(t, exe, false), sysflow.ExeWritable | sysflow.ExeLowerLayer},
		{"read-only", readOnly(t, exe), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := startHelper(t, tt.exe)
			require.NoError(t, h.stdin.Close())
			readUntil(t, w.Capture, "exec", func() bool { p := w.last[h.pid]; return p != nil && p.Details != nil && p.Details.Argv0 == "-helper" })
			assert.Equal(t, tt.want, w.last[h.pid].Details.ExeFlags)
		})
	}
}

// mountFor mounts for the length of a test, or skips it.
func mountFor(t *testing.T, source, target, fstype string, flags uintptr, data string) {
	t.Helper()
	if err := unix.Mount(source, target, fstype, flags, data); err != nil {
		t.Skipf("mounting %s for the test: %v", fstype, err)
	}
	t.Cleanup(func() { _ = unix.Unmount(target, unix.MNT_DETACH) })
}

// overlay returns the path of a program in an overlay file system.
func overlay(t *testing.T, exe string, upper bool) string {
	t.Helper()
	// an overlay file system cannot be the upper layer of another
	dir := t.TempDir()
	mountFor(t, "none", dir, "tmpfs", 0, "mode=755")
	name := func(parts ...string) string { return filepath.Join(append([]string{dir}, parts...)...) }
	for _, d := range []string{"lower", "upper", "work", "merged"} {
		require.NoError(t, os.Mkdir(name(d), 0o755))
	}
	layer := "lower"
	if upper {
		layer = "upper"
	}
	b, err := os.ReadFile(exe)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name(layer, "helper"), b, 0o755))
	mountFor(t, "none", name("merged"), "overlay", 0,
		"lowerdir="+name("lower")+",upperdir="+name("upper")+",workdir="+name("work"))
	return name("merged", "helper")
}

// readOnly returns the path of a program at a mount that nobody may write to.
func readOnly(t *testing.T, exe string) string {
	t.Helper()
	dir := t.TempDir()
	mountFor(t, filepath.Dir(exe), dir, "", unix.MS_BIND, "")
	require.NoError(t, unix.Mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	return filepath.Join(dir, filepath.Base(exe))
}
