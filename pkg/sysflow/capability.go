package sysflow

import (
	"slices"
	"strings"
)

// capabilityNames are those of Linux by their numbers, see include/uapi/linux/capability.h.
var capabilityNames = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
	"CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
	"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
	"CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}

// Capabilities returns the names of all capabilities, by their numbers: "CAP_CHOWN", ...
func Capabilities() []string { return slices.Clone(capabilityNames) }

// CapabilityNames lists a set of capabilities by number; a bit without a name is shown as 0x....
func CapabilityNames(set int64) []string { return bitNames(uint64(set), capabilityNames) }

// ParseCapability returns the bit of a capability, whose name may be in any case and lack "CAP_".
func ParseCapability(name string) (bit int64, ok bool) {
	v, ok := bitOf("CAP_"+strings.TrimPrefix(strings.ToUpper(name), "CAP_"), capabilityNames)
	return int64(v), ok
}
