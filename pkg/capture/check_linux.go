//go:build amd64

package capture

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// The oldest kernel that has all that the programs use: bpf_loop came with 5.17.
const minMajor, minMinor = 5, 17

func environment() []Result {
	return []Result{checkKernel(), checkBTF(), checkLockdown(), checkRights()}
}

func checkKernel() Result {
	r := Result{Name: "kernel"}
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		r.Detail = fmt.Sprintf("the kernel's version cannot be read (%v)", err)
		r.Remedy = "run on Linux"
		return r
	}
	release := unix.ByteSliceToString(u.Release[:])
	r.Detail = "Linux " + release
	major, minor := version(release)
	r.OK = major > minMajor || (major == minMajor && minor >= minMinor)
	if !r.OK {
		r.Detail = "the kernel is Linux " + release
		r.Remedy = fmt.Sprintf("use Linux %d.%d or newer", minMajor, minMinor)
	}
	return r
}

func version(release string) (major, minor int) {
	a, rest, _ := strings.Cut(release, ".")
	b := rest
	if i := strings.IndexFunc(rest, func(c rune) bool { return c < '0' || c > '9' }); i >= 0 {
		b = rest[:i]
	}
	major, _ = strconv.Atoi(a)
	minor, _ = strconv.Atoi(b)
	return major, minor
}

const btfPath = "/sys/kernel/btf/vmlinux"

func checkBTF() Result {
	r := Result{Name: "type information (BTF)"}
	if _, err := os.Stat(btfPath); err != nil {
		r.Detail = fmt.Sprintf("the kernel's type information %s is missing", btfPath)
		r.Remedy = "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, and mount /sys into the container"
		return r
	}
	r.OK = true
	r.Detail = btfPath
	return r
}

func checkLockdown() Result {
	r := Result{Name: "lockdown", OK: true, Detail: "not in effect"}
	b, err := os.ReadFile("/sys/kernel/security/lockdown")
	if err != nil {
		return r
	}
	state := strings.TrimSpace(string(b))
	r.Detail = state
	if strings.Contains(state, "[confidentiality]") {
		r.OK = false
		r.Detail = "kernel lockdown is in confidentiality mode, which forbids BPF to read kernel memory"
		r.Remedy = "boot with lockdown=integrity or without lockdown"
	}
	return r
}

// Capabilities by number, see capabilities(7).
const (
	capSysAdmin = 21
	capPerfmon  = 38
	capBPF      = 39
)

func checkRights() Result {
	r := Result{Name: "rights"}
	caps, err := effectiveCapabilities()
	if err != nil {
		r.Detail = fmt.Sprintf("the capabilities of this process cannot be read (%v)", err)
		r.Remedy = "mount /proc into the container"
		return r
	}
	has := func(c uint) bool { return caps&(1<<c) != 0 }
	if has(capSysAdmin) || (has(capBPF) && has(capPerfmon)) {
		r.OK = true
		r.Detail = "CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"
		return r
	}
	r.Detail = "this process lacks the capabilities CAP_BPF and CAP_PERFMON"
	r.Remedy = "run it as root, or give it both (setcap cap_bpf,cap_perfmon+ep, or the container's securityContext)"
	return r
}

func effectiveCapabilities() (uint64, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "CapEff:"); ok {
			return strconv.ParseUint(strings.TrimSpace(v), 16, 64)
		}
	}
	return 0, errors.New("no CapEff line")
}

func trial() Result {
	r := Result{Name: "trial capture"}
	opts := DefaultOptions()
	opts.RingBufferSize = 1 << 16
	opts.MaxFlows = 1 << 10
	c, err := open(opts, func(*flow.Event) {})
	if err != nil {
		r.Detail = fmt.Sprintf("the programs cannot be started: %v", err)
		r.Remedy = "look for a security module or container profile (seccomp) that forbids the bpf system call"
		return r
	}
	c.Close()
	r.OK = true
	r.Detail = "programs loaded, attached and detached"
	return r
}
