//go:build amd64 || arm64

package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestOriginOf(t *testing.T) {
	const (
		open  = uint32(sysflow.OpOpen)
		mmap  = uint32(sysflow.OpMmap)
		cloze = uint32(sysflow.OpClose)
		both  = sysflow.OriginSyscall | sysflow.OriginIOUring
	)
	for _, tt := range []struct {
		name string
		ops  uint32
		c    bpf.CaptureFlowTotals
		want sysflow.Origin
	}{
		{"nothing", 0, bpf.CaptureFlowTotals{}, 0},
		{"system calls", open, bpf.CaptureFlowTotals{ReadOps: 3, WriteOps: 4}, 0},
		{"all by io_uring", open, bpf.CaptureFlowTotals{ReadOps: 3, WriteOps: 4, UringIo: 7, UringOps: open | cloze}, sysflow.OriginIOUring},
		{"opened by a system call", open, bpf.CaptureFlowTotals{ReadOps: 3, UringIo: 3}, both},
		{"read by a system call", open, bpf.CaptureFlowTotals{ReadOps: 3, UringIo: 2, UringOps: open}, both},
		{"mapped by a system call", open | mmap, bpf.CaptureFlowTotals{UringOps: open}, both},
		{"only closed by io_uring", open, bpf.CaptureFlowTotals{ReadOps: 3, UringOps: cloze}, both},
		{"noted and not counted yet", 0, bpf.CaptureFlowTotals{ReadOps: 3, UringIo: 4}, sysflow.OriginIOUring},
		{"more than 2^32", 0, bpf.CaptureFlowTotals{ReadOps: 1<<32 + 5, UringIo: 5}, sysflow.OriginIOUring},
		{"more than 2^32 and one", 0, bpf.CaptureFlowTotals{ReadOps: 1<<32 + 6, UringIo: 5}, both},
	} {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, originOf(tt.ops, &tt.c))
			assert.Equal(t, tt.want, totals(tt.ops, &tt.c).Origin)
		})
	}
}
