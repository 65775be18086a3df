//go:build amd64 || arm64

package capture

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// The oldest kernel that the programs are tested on. What they cannot do without came before: the
// ring buffer with 5.8, iterators over tasks and files with 5.8.
const minMajor, minMinor = 5, 10

func environment() []Result {
	return []Result{checkKernel(), checkBTF(), checkLockdown(), checkRights()}
}

func checkKernel() Result {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return Result{
			Name:   "kernel",
			Detail: fmt.Sprintf("the kernel's version cannot be read (%v)", err),
			Remedy: "run on Linux",
		}
	}
	return kernel(unix.ByteSliceToString(u.Release[:]))
}

// kernel judges the release of a kernel.
func kernel(release string) Result {
	r := Result{Name: "kernel", Detail: "Linux " + release}
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
	b, err := os.ReadFile("/sys/kernel/security/lockdown")
	if err != nil {
		return Result{Name: "lockdown", OK: true, Detail: "not in effect"}
	}
	return lockdown(string(b))
}

// lockdown judges the modes of lockdown; the one in effect is in brackets.
func lockdown(modes string) Result {
	r := Result{Name: "lockdown", OK: true, Detail: strings.TrimSpace(modes)}
	if strings.Contains(modes, "[confidentiality]") {
		r.OK = false
		r.Detail = "kernel lockdown is in confidentiality mode, which forbids BPF to read kernel memory"
		r.Remedy = "boot with lockdown=integrity or without lockdown"
	}
	return r
}

func checkRights() Result {
	caps, err := hostProc.effectiveCapabilities()
	if err != nil {
		return Result{
			Name:   "rights",
			Detail: fmt.Sprintf("the capabilities of this process cannot be read (%v)", err),
			Remedy: "mount /proc into the container",
		}
	}
	return rights(caps)
}

// rights judges a set of capabilities. CAP_SYS_ADMIN includes the two others.
func rights(caps uint64) Result {
	r := Result{Name: "rights"}
	if caps&(1<<unix.CAP_SYS_ADMIN) != 0 {
		r.OK = true
		r.Detail = "CAP_SYS_ADMIN"
		return r
	}
	var missing []string
	if caps&(1<<unix.CAP_BPF) == 0 {
		missing = append(missing, "CAP_BPF")
	}
	if caps&(1<<unix.CAP_PERFMON) == 0 {
		missing = append(missing, "CAP_PERFMON")
	}
	if len(missing) == 0 {
		r.OK = true
		r.Detail = "CAP_BPF and CAP_PERFMON"
		return r
	}
	lack := strings.Join(missing, " and ")
	r.Detail = "this process lacks " + lack
	// setcap replaces what a file had, so it always gets both
	r.Remedy = "run it as root, or give it " + lack +
		" (setcap cap_bpf,cap_perfmon+ep FILE sets both, or the container's securityContext)"
	return r
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
	r.Detail = c.Describe()
	return r
}
