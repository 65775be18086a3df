//go:build amd64 || arm64

package capture

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// procFS is a mounted /proc.
type procFS string

// hostProc is the host's /proc as this process sees it.
const hostProc procFS = "/proc"

func (p procFS) file(pid int32, name string) string {
	return filepath.Join(string(p), strconv.Itoa(int(pid)), name)
}

// complete adds what only /proc tells of a process that existed before the capture. containers may
// be nil.
func (p procFS) complete(e *flow.Event, containers *Containers) {
	if b, err := os.ReadFile(p.file(e.PID, "cmdline")); err == nil {
		setArgs(e.Process, b)
	}
	if containers != nil {
		p.place(e.PID, e.Process, containers)
	}
}

// place tells which container a process is in.
func (p procFS) place(pid int32, info *flow.ProcessInfo, containers *Containers) {
	id, _ := p.container(pid)
	if id.ID == "" {
		return
	}
	info.ContainerID = id.ID
	containers.note(id)
	containers.notePID(id.ID, pid, info.Entry)
}

// describe reads what /proc tells of a process whose creation was missed. The boot time is needed
// to see that the pid was not reused since.
func (p procFS) describe(pid int32, createTS, boot int64) (*flow.ProcessInfo, bool) {
	stat, ok := p.stat(pid)
	if !ok {
		return nil, false
	}
	if d := createTS - stat.created(boot); createTS != 0 && (d < -2*tick || d > 2*tick) {
		return nil, false
	}
	info := &flow.ProcessInfo{TTY: stat.tty != 0, ParentPID: stat.ppid, UID: sysflow.UnknownID, GID: sysflow.UnknownID}
	if parent, ok := p.stat(stat.ppid); ok {
		info.ParentCreateTS = parent.created(boot)
	}
	if exe, err := os.Readlink(p.file(pid, "exe")); err == nil {
		info.Exe = strings.TrimSuffix(exe, " (deleted)")
	}
	if cwd, err := os.Readlink(p.file(pid, "cwd")); err == nil {
		info.CWD = cwd
	}
	if b, err := os.ReadFile(p.file(pid, "status")); err == nil {
		parseStatus(b, info)
	}
	p.addDetails(pid, info)
	if b, err := os.ReadFile(p.file(pid, "cmdline")); err == nil {
		setArgs(info, b)
	}
	return info, true
}

// effectiveCapabilities returns those of this process, a bit each.
func (p procFS) effectiveCapabilities() (uint64, error) {
	b, err := os.ReadFile(filepath.Join(string(p), "self", "status"))
	if err != nil {
		return 0, err // says operation and path
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "CapEff:"); ok {
			return strconv.ParseUint(strings.TrimSpace(v), 16, 64)
		}
	}
	return 0, errors.New("no CapEff line")
}

func (p procFS) stat(pid int32) (procStat, bool) {
	b, err := os.ReadFile(p.file(pid, "stat"))
	if err != nil {
		return procStat{}, false
	}
	return parseStat(b)
}

// tick is the unit of times in /proc, in nanoseconds.
const tick = 1e7

type procStat struct {
	ppid       int32
	tty        int64
	startTicks int64
}

// created returns when the process was created, given when the system was booted.
func (s procStat) created(boot int64) int64 { return boot + s.startTicks*tick }

// parseStat parses /proc/PID/stat, see proc(5); the command in brackets may hold anything.
func parseStat(b []byte) (procStat, bool) {
	end := bytes.LastIndexByte(b, ')')
	fields := strings.Fields(string(b[end+1:]))
	if end < 0 || len(fields) < 20 {
		return procStat{}, false
	}
	number := func(i, bits int) int64 {
		v, _ := strconv.ParseInt(fields[i-3], 10, bits) // the state is field 3
		return v
	}
	return procStat{ppid: int32(number(4, 32)), tty: number(7, 64), startTicks: number(22, 64)}, true
}

// parseStatus takes the effective ids and the pid in the innermost namespace from /proc/PID/status.
func parseStatus(b []byte, info *flow.ProcessInfo) {
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

// parseID reads a uid or gid, which SysFlow keeps as int32; UnknownID if it is none.
func parseID(s string) int32 {
	v, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return sysflow.UnknownID
	}
	return int32(uint32(v)) // bit pattern, as in SysFlow
}
