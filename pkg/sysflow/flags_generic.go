//go:build !arm64

package sysflow

// O_ constants of x86-64 and most others, see include/uapi/asm-generic/fcntl.h.
const (
	linuxODirect    = 0o40000
	linuxOLargefile = 0o100000
	linuxODirectory = 0o200000
)
