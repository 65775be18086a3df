// Package vm boots kernels under qemu, in pure emulation: it needs neither root nor KVM, and other
// architectures work like this one. A machine has no disk: all it runs is in its initramfs.
package vm
