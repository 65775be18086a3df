//go:build amd64

package capture

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// procRoot is the host's /proc as this process sees it.
const procRoot = "/proc"

func procFile(pid int32, name string) string {
	return filepath.Join(procRoot, strconv.Itoa(int(pid)), name)
}

// complete adds what only /proc tells of a process that existed before the capture.
func complete(e *flow.Event) {
	if b, err := os.ReadFile(procFile(e.PID, "cmdline")); err == nil {
		setArgs(e.Process, b)
	}
}

// describe reads what /proc tells of a process whose creation was missed. The boot time is needed
// to see that the pid was not reused since.
func describe(pid int32, createTS, boot int64) (*flow.ProcessInfo, bool) {
	stat, ok := readStat(pid)
	if !ok {
		return nil, false
	}
	// /proc counts in ticks of 10 ms
	if d := createTS - (boot + stat.startTicks*1e7); createTS != 0 && (d < -2e7 || d > 2e7) {
		return nil, false
	}
	info := &flow.ProcessInfo{TTY: stat.tty != 0, ParentPID: stat.ppid, UID: -1, GID: -1}
	if parent, ok := readStat(stat.ppid); ok {
		info.ParentCreateTS = boot + parent.startTicks*1e7
	}
	if exe, err := os.Readlink(procFile(pid, "exe")); err == nil {
		info.Exe = strings.TrimSuffix(exe, " (deleted)")
	}
	if cwd, err := os.Readlink(procFile(pid, "cwd")); err == nil {
		info.CWD = slashed(cwd)
	}
	if b, err := os.ReadFile(procFile(pid, "cmdline")); err == nil {
		setArgs(info, b)
	}
	readStatus(pid, info)
	return info, true
}

type procStat struct {
	ppid       int32
	tty        int64
	startTicks int64
}

// readStat parses /proc/PID/stat, see proc(5); the command in brackets may hold anything.
func readStat(pid int32) (procStat, bool) {
	b, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return procStat{}, false
	}
	end := bytes.LastIndexByte(b, ')')
	fields := strings.Fields(string(b[end+1:]))
	if end < 0 || len(fields) < 20 {
		return procStat{}, false
	}
	number := func(i int) int64 {
		v, _ := strconv.ParseInt(fields[i-3], 10, 64) // the state is field 3
		return v
	}
	return procStat{ppid: int32(number(4)), tty: number(7), startTicks: number(22)}, true //nolint:gosec // pids fit
}

// readStatus takes the effective ids and the pid in the innermost namespace.
func readStatus(pid int32, info *flow.ProcessInfo) {
	b, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		name, rest, _ := strings.Cut(line, ":")
		f := strings.Fields(rest)
		switch {
		case name == "Uid" && len(f) > 1:
			info.UID = parseID(f[1])
		case name == "Gid" && len(f) > 1:
			info.GID = parseID(f[1])
		case name == "NSpid" && len(f) > 0:
			info.Entry = f[len(f)-1] == "1"
		}
	}
}

// parseID reads a uid or gid, which SysFlow keeps as int32; -1 is unknown.
func parseID(s string) int32 {
	v, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return -1
	}
	return int32(uint32(v)) //nolint:gosec // bit pattern, as in SysFlow
}
