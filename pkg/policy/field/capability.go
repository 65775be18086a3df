package field

import "strings"

// capabilityNames are those of Linux by their number (include/uapi/linux/capability.h).
var capabilityNames = [...]string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
	"CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
	"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
	"CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}

// appendCapabilities appends the names of a set; numbers without a name are left out.
func appendCapabilities(to []string, set int64) []string {
	for i, name := range &capabilityNames {
		if set&(1<<i) != 0 {
			to = append(to, name)
		}
	}
	return to
}

var capabilityTexts = texts[int64]{make: func(set int64) string {
	return strings.Join(appendCapabilities(nil, set), " ")
}}

// capabilityText is Falco's form of a set, names with blanks between them.
func capabilityText(set int64) string { return capabilityTexts.of(set) }

// ParseCapability returns the bit of a capability, in any case and with or without "CAP_".
func ParseCapability(name string) (int64, bool) {
	name = "CAP_" + strings.TrimPrefix(strings.ToUpper(name), "CAP_")
	for i, known := range &capabilityNames {
		if name == known {
			return 1 << i, true
		}
	}
	return 0, false
}
