package sysflow

// O_ constants of arm64, see arch/arm64/include/uapi/asm/fcntl.h.
const (
	linuxODirectory = 0o40000
	linuxODirect    = 0o200000
	linuxOLargefile = 0o400000
)
