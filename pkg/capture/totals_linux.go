//go:build amd64 || arm64

package capture

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// totals takes over what the kernel side has counted of a flow.
func totals(ops uint32, c *bpf.CaptureFlowTotals) flow.Totals {
	t := flow.Totals{OpFlags: sysflow.OpFlags(ops), Origin: originOf(ops, c)}
	t.NumRRecvOps = int64(c.ReadOps)
	t.NumWSendOps = int64(c.WriteOps)
	t.NumRRecvBytes = int64(c.ReadBytes)
	t.NumWSendBytes = int64(c.WriteBytes)
	// the kernel side leaves these bits to the counters
	if c.ReadOps > 0 {
		t.OpFlags |= sysflow.OpReadRecv
	}
	if c.WriteOps > 0 {
		t.OpFlags |= sysflow.OpWriteSend
	}
	return t
}

// originOf tells which ways a flow's operations came, zero when all were system calls: those are
// what is left of the whole when what came by io_uring, which alone is noted, is taken away.
func originOf(ops uint32, c *bpf.CaptureFlowTotals) sysflow.Origin {
	if c.UringIo == 0 && c.UringOps == 0 {
		return 0
	}
	o := sysflow.OriginIOUring
	// an operation is noted first and counted then, so the difference may be -1 for a moment
	if int32(uint32(c.ReadOps+c.WriteOps)-c.UringIo) > 0 || ops&^c.UringOps != 0 {
		o |= sysflow.OriginSyscall
	}
	return o
}
