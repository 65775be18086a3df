//go:build amd64 || arm64

package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fakeProc returns a /proc that holds the given files.
func fakeProc(t *testing.T, files map[string]string) procFS {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	return procFS(dir)
}

// statLine is /proc/PID/stat up to some fields behind those that matter.
func statLine(pid int32, comm string, ppid int32, tty int64, start uint64) string {
	return fmt.Sprintf("%d (%s) S %d 1 1 %d -1 4194304 100 0 0 0 0 0 0 0 20 0 1 0 %d 3133440 412\n", pid, comm, ppid, tty, start)
}

func TestParseStat(t *testing.T) {
	for _, tt := range []struct {
		name, line string
		want       procStat
		ok         bool
	}{
		{"usual", statLine(7, "bash", 3, 34816, 842551), procStat{3, 34816, 842551}, true},
		{"blanks and brackets", statLine(7, "a) S 9 (b", 3, 0, 1), procStat{3, 0, 1}, true},
		{"line feed", statLine(7, "a\nb", 3, 0, 1), procStat{3, 0, 1}, true},
		{"empty name", statLine(7, "", 0, 0, 0), procStat{}, true},
		{"cut", strings.Join(strings.Fields(statLine(7, "x", 3, 0, 1))[:21], " "), procStat{}, false},
		{"no brackets", strings.NewReplacer("(", "", ")", "").Replace(statLine(7, "x", 3, 0, 1)), procStat{}, false},
		{"empty", "", procStat{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := parseStat([]byte(tt.line))
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestParseStatus(t *testing.T) {
	for _, tt := range []struct {
		name, status string
		want         flow.ProcessInfo
	}{
		{"effective ids", "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpid:\t42\n", flow.ProcessInfo{UID: 2, GID: 6}},
		{"first of a namespace", "NSpid:\t4711\t12\t1\n", flow.ProcessInfo{UID: -1, GID: -1, Entry: true}},
		{"not the first", "NSpid:\t1\t12\n", flow.ProcessInfo{UID: -1, GID: -1}},
		{"large ids", "Uid:\t0\t4294967294\t0\t0\nGid:\t0\t4294967295\t0\t0\n", flow.ProcessInfo{UID: -2, GID: -1}},
		{"too short", "Uid:\t1\nGid:\nNSpid:\nUid", flow.ProcessInfo{UID: -1, GID: -1}},
		{"no number", "Uid:\t1\tx\t1\t1\n", flow.ProcessInfo{UID: -1, GID: -1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			info := flow.ProcessInfo{UID: -1, GID: -1}
			parseStatus([]byte(tt.status), &info)
			assert.Equal(t, tt.want, info)
		})
	}
}

const boot = int64(1_700_000_000_000_000_000)

func TestDescribe(t *testing.T) {
	proc := fakeProc(t, map[string]string{
		"42/stat":    statLine(42, "nginx", 7, 34816, 5000),
		"42/status":  "Uid:\t0\t33\t0\t0\nGid:\t0\t34\t0\t0\nNSpid:\t42\t1\n",
		"42/comm":    "nginx: master\n",
		"42/cmdline": "nginx\x00-g\x00daemon off;\x00",
		"7/stat":     statLine(7, "sh", 1, 0, 4000),
		"8/stat":     statLine(8, "kthreadd", 2, 0, 10),
	})
	require.NoError(t, os.Symlink("/usr/sbin/nginx (deleted)", proc.file(42, "exe")))
	require.NoError(t, os.Symlink("/srv/www", proc.file(42, "cwd")))
	nginx := &flow.ProcessInfo{
		Exe: "/usr/sbin/nginx", ExeArgs: "-g daemon off;", CWD: "/srv/www", UID: 33, GID: 34, TTY: true, Entry: true,
		ParentPID: 7, ParentCreateTS: boot + 40e9,
		Details: &sysflow.ProcessDetails{Comm: "nginx: master", Argv0: "nginx", VPID: 1, LoginUID: sysflow.UnknownID},
	}
	kthread := &flow.ProcessInfo{ParentPID: 2, UID: -1, GID: -1}
	for _, tt := range []struct {
		name     string
		pid      int32
		createTS int64
		want     *flow.ProcessInfo
	}{
		{"all there", 42, boot + 50e9, nginx},
		{"between two ticks", 42, boot + 50e9 + 9_999_999, nginx},
		{"unknown creation", 42, 0, nginx},
		{"pid reused since", 42, boot + 49e9, nil},
		{"pid of an older process", 42, boot + 51e9, nil},
		{"parent and files missing", 8, 0, kthread},
		{"gone", 9, 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := proc.describe(tt.pid, tt.createTS, boot)
			assert.Equal(t, tt.want != nil, ok)
			assert.Equal(t, tt.want, got)
		})
	}
}

// TestDescribeSelf: the real /proc has the form that is expected.
func TestDescribeSelf(t *testing.T) {
	info, ok := hostProc.describe(int32(os.Getpid()), 0, bootOffset())
	require.True(t, ok)
	exe, err := os.Executable()
	require.NoError(t, err)
	cwd, err := os.Getwd()
	require.NoError(t, err)
	assert.Equal(t, exe, info.Exe)
	assert.Equal(t, cwd, info.CWD)
	assert.Equal(t, strings.Join(os.Args[1:], " "), info.ExeArgs)
	assert.EqualValues(t, os.Getppid(), info.ParentPID)
	assert.EqualValues(t, os.Geteuid(), info.UID)
	assert.EqualValues(t, os.Getegid(), info.GID)
}

func TestComplete(t *testing.T) {
	proc := fakeProc(t, map[string]string{"42/cmdline": "sh\x00-c\x00a b\x00"})
	e := &flow.Event{PID: 42, Process: &flow.ProcessInfo{Exe: "/bin/sh", ExeArgs: "cut"}}
	proc.complete(e, nil)
	assert.Equal(t, &flow.ProcessInfo{Exe: "/bin/sh", ExeArgs: "-c a b"}, e.Process)
	e.PID = 43
	proc.complete(e, nil)
	assert.Equal(t, "-c a b", e.Process.ExeArgs, "what is known stays when the process is gone")
}

func TestParseID(t *testing.T) {
	for s, want := range map[string]int32{"0": 0, "1000": 1000, "4294967294": -2, "4294967295": -1, "4294967296": -1, "-1": -1, "x": -1, "": -1} {
		assert.Equal(t, want, parseID(s), "%q", s)
	}
}

// FuzzParseStat: whatever a program calls itself, the fields behind are found.
func FuzzParseStat(f *testing.F) {
	f.Add("bash", int32(1), int64(0), uint64(842551))
	f.Add(") R 1 (", int32(7), int64(34816), uint64(1))
	f.Add("\n\x00\xff", int32(0), int64(-1), uint64(1<<63-1))
	f.Fuzz(func(t *testing.T, comm string, ppid int32, tty int64, start uint64) {
		got, ok := parseStat([]byte(statLine(1, comm, ppid, tty, start)))
		require.True(t, ok)
		want := procStat{ppid: ppid, tty: tty, startTicks: int64(min(start, 1<<63-1))}
		require.Equal(t, want, got)
	})
}

// FuzzProcFiles: no content of a file of /proc or /etc is too odd.
func FuzzProcFiles(f *testing.F) {
	f.Add([]byte(statLine(1, "sh", 1, 0, 5)))
	f.Add([]byte("Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t9\t1\n"))
	f.Add([]byte("root:x:0:0:root:/root:/bin/sh\n+::::::\nbad\n"))
	f.Add([]byte("   0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, ok := parseStat(b); ok {
			require.Contains(t, string(b), ")")
		}
		info := flow.ProcessInfo{UID: -1, GID: -1}
		parseStatus(b, &info)
		var details sysflow.ProcessDetails
		parseDetails(b, &details)
		if parseNamespace(string(b)) != 0 {
			require.Contains(t, string(b), ":[")
		}
		if info.Entry {
			require.Contains(t, string(b), "NSpid:")
		}
		for id, name := range parseNames(b) {
			require.NotEqual(t, int32(-1), id)
			require.NotContains(t, name, ":")
		}
		if port, ok := parseSocket(string(b), "0A"); ok {
			require.Contains(t, strings.ToUpper(string(b)), fmt.Sprintf("%X", port))
		}
	})
}
