//go:build amd64 || arm64

package capture

import (
	"os"
	"strconv"
	"strings"

	"github.com/cilium/ebpf/btf"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

// controllers are the subsystems whose hierarchy may tell containers apart, the likeliest first.
var controllers = []string{"memory", "pids", "devices", "cpu", "freezer"}

// unifiedHierarchy stands for the hierarchy of version 2.
const unifiedHierarchy = int32(-1)

// cgroupSubsystem returns the number of the subsystem by whose hierarchy the containers of this
// host can be told: of version 1 where that has a controller, else that of version 2.
func cgroupSubsystem(proc procFS) int32 {
	b, err := os.ReadFile(string(proc) + "/cgroups")
	if err != nil {
		return unifiedHierarchy
	}
	mounted := mountedControllers(string(b))
	for _, name := range controllers {
		if !mounted[name] {
			continue
		}
		if n, ok := subsystemNumber(name); ok {
			return n
		}
	}
	return unifiedHierarchy
}

// mountedControllers takes the controllers of a hierarchy of version 1 from /proc/cgroups.
func mountedControllers(text string) map[string]bool {
	mounted := make(map[string]bool)
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 4 || strings.HasPrefix(line, "#") {
			continue
		}
		hierarchy, err := strconv.Atoi(f[1])
		mounted[f[0]] = err == nil && hierarchy > 0
	}
	return mounted
}

// subsystemNumber finds the number of a subsystem, which depends on how the kernel was built.
func subsystemNumber(name string) (int32, bool) {
	kernel, err := btf.LoadKernelSpec()
	if err != nil {
		return 0, false
	}
	var enum *btf.Enum
	if err := kernel.TypeByName("cgroup_subsys_id", &enum); err != nil {
		return 0, false
	}
	for _, v := range enum.Values {
		if v.Name == name+"_cgrp_id" {
			return int32(v.Value), true
		}
	}
	return 0, false
}

// container tells which container a process is in now; false when the process has gone.
func (p procFS) container(pid int32) (cgroup.Identity, bool) {
	b, err := os.ReadFile(p.file(pid, "cgroup"))
	return cgroup.ParseProc(string(b)), err == nil
}
