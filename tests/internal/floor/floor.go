// Package floor attaches what every capture of system calls costs at least, for costs to be
// compared with.
package floor

import (
	"testing"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/stretchr/testify/require"
)

// Attach attaches a program to sys_exit that does nothing, until detach is called.
func Attach(tb testing.TB) (detach func()) {
	tb.Helper()
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type:         ebpf.Tracing,
		AttachType:   ebpf.AttachTraceRawTp,
		AttachTo:     "sys_exit",
		License:      "GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	require.NoError(tb, err)
	l, err := link.AttachTracing(link.TracingOptions{Program: prog, AttachType: ebpf.AttachTraceRawTp})
	require.NoError(tb, err)
	return func() {
		require.NoError(tb, l.Close())
		require.NoError(tb, prog.Close())
	}
}
