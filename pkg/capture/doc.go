// Package capture observes the running host with eBPF and yields the system events
// that package flow turns into SysFlow records. Life-cycle events come through a ring
// buffer; reads and writes are counted in the kernel and asked for by the flow builder.
//
// It works on Linux 5.10 and newer on x86-64 and arm64; elsewhere Open fails with the reason.
package capture
