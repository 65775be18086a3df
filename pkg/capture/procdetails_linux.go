//go:build amd64 || arm64

package capture

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// memfdPrefix begins what /proc/PID/exe says of a program that memfd_create made room for.
const memfdPrefix = "/memfd:"

// addDetails sets the details that /proc tells of a process, but for its first argument. The layer
// of an overlay file system that its executable is in is not among them.
func (p procFS) addDetails(pid int32, info *flow.ProcessInfo) {
	status, err := os.ReadFile(p.file(pid, "status"))
	if err != nil {
		return
	}
	d := sysflow.NewProcessDetails()
	parseDetails(status, d)
	if b, err := os.ReadFile(p.file(pid, "comm")); err == nil {
		d.Comm = strings.TrimSuffix(string(b), "\n")
	}
	if b, err := os.ReadFile(p.file(pid, "loginuid")); err == nil {
		d.LoginUID = parseID(strings.TrimSpace(string(b)))
	}
	for name, inode := range map[string]*int64{
		"cgroup": &d.Namespaces.Cgroup, "ipc": &d.Namespaces.IPC, "mnt": &d.Namespaces.Mnt, "net": &d.Namespaces.Net,
		"pid": &d.Namespaces.PID, "user": &d.Namespaces.User, "uts": &d.Namespaces.UTS,
	} {
		if link, err := os.Readlink(p.file(pid, "ns/"+name)); err == nil {
			*inode = parseNamespace(link)
		}
	}
	p.addExe(pid, info, d)
	info.Details = d
}

// addExe adds what is known of the executable file.
func (p procFS) addExe(pid int32, info *flow.ProcessInfo, d *sysflow.ProcessDetails) {
	exe := p.file(pid, "exe")
	var st unix.Stat_t
	var fs unix.Statfs_t
	if unix.Stat(exe, &st) != nil || unix.Statfs(exe, &fs) != nil {
		return
	}
	d.ExeIno = int64(st.Ino)
	d.ExeCTime = st.Ctim.Nano()
	d.ExeMTime = st.Mtim.Nano()
	if fs.Flags&unix.ST_RDONLY == 0 && mayWrite(&st, info, d) {
		d.ExeFlags |= sysflow.ExeWritable
	}
	if link, err := os.Readlink(exe); err == nil && strings.HasPrefix(link, memfdPrefix) {
		d.ExeFlags |= sysflow.ExeMemfd
	}
}

// initUserNS is the inode number of the initial user namespace, include/linux/proc_ns.h.
const initUserNS = 0xEFFFFFFD

// mayWrite decides as may_write in bpf/include/details.h.
func mayWrite(st *unix.Stat_t, info *flow.ProcessInfo, d *sysflow.ProcessDetails) bool {
	const override = 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_FOWNER
	switch {
	case st.Uid == uint32(info.UID):
		return true
	case d.Namespaces.User == initUserNS && d.CapEffective&override != 0:
		return true
	case st.Gid == uint32(info.GID):
		return st.Mode&0o020 != 0
	}
	return st.Mode&0o002 != 0
}

// parseNamespace takes the inode number from a link such as "net:[4026531840]", 0 when there is none.
func parseNamespace(link string) int64 {
	_, number, _ := strings.Cut(strings.TrimSuffix(link, "]"), ":[")
	v, _ := strconv.ParseUint(number, 10, 32)
	return int64(v)
}

// parseDetails takes what /proc/PID/status tells of ids and capabilities.
func parseDetails(b []byte, d *sysflow.ProcessDetails) {
	for line := range strings.Lines(string(b)) {
		name, rest, _ := strings.Cut(line, ":")
		f := strings.Fields(rest)
		if len(f) == 0 {
			continue
		}
		last := f[len(f)-1]
		switch name {
		case "Uid":
			d.RealUID, d.SavedUID = realAndSaved(f)
		case "Gid":
			d.RealGID, d.SavedGID = realAndSaved(f)
		case "NSpid":
			d.VPID = parsePID(last)
		case "NSpgid":
			d.PGID, d.VPGID = parsePID(f[0]), parsePID(last)
		case "NSsid":
			d.SID, d.VSID = parsePID(f[0]), parsePID(last)
		case "CapInh":
			d.CapInheritable = parseCapabilities(last)
		case "CapPrm":
			d.CapPermitted = parseCapabilities(last)
		case "CapEff":
			d.CapEffective = parseCapabilities(last)
		}
	}
}

// realAndSaved takes the first and third of the ids real, effective, saved, file system.
func realAndSaved(ids []string) (first, third int32) {
	if len(ids) < 3 {
		return sysflow.UnknownID, sysflow.UnknownID
	}
	return parseID(ids[0]), parseID(ids[2])
}

func parsePID(s string) int32 {
	v, _ := strconv.ParseInt(s, 10, 32)
	return int32(v)
}

func parseCapabilities(hex string) int64 {
	v, _ := strconv.ParseUint(hex, 16, 64)
	return int64(v) // bit pattern
}
