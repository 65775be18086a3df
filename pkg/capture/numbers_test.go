//go:build linux && (amd64 || arm64)

package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// TestNumberedAlike: what the BPF programs number, Go takes over by number. The enums are read from
// the compiled programs, so that one that is new in C alone is found, too.
func TestNumberedAlike(t *testing.T) {
	spec, err := bpf.LoadCapture()
	require.NoError(t, err)
	for name, want := range map[string]map[string]uint64{
		"loss": {
			"LOSS_RING_FULL":       uint64(LossRingFull),
			"LOSS_FLOWS_FULL":      uint64(LossFlowsFull),
			"LOSS_PATH_CUT":        uint64(LossPathCut),
			"LOSS_ARGS_CUT":        uint64(LossArgsCut),
			"LOSS_ENV_CUT":         uint64(LossEnvCut),
			"LOSS_NAME_UNREADABLE": uint64(LossNameUnreadable),
			"LOSS_COMPAT_SYSCALL":  uint64(LossCompatSyscall),
			"LOSS_SCRATCH_BUSY":    uint64(LossScratchBusy),
			"LOSS_MESSAGES_UNREAD": uint64(LossMessagesUnread),
			"LOSS_URING_FULL":      uint64(LossURingFull),
			"LOSS_URING_UNSEEN":    uint64(LossURingUnseen),
			"LOSS_MAX":             uint64(LossUndecodable), // the first that the kernel does not count
		},
		"event_flag": {
			"EVENT_FLAG_TTY":      uint64(flagTTY),
			"EVENT_FLAG_ENTRY":    uint64(flagEntry),
			"EVENT_FLAG_CLOSED":   uint64(flagClosed),
			"EVENT_FLAG_NO_DIR1":  uint64(flagNoDir1),
			"EVENT_FLAG_NO_DIR2":  uint64(flagNoDir2),
			"EVENT_FLAG_DATAGRAM": uint64(flagDatagram),
			"EVENT_FLAG_IO_URING": uint64(flagIOUring),
		},
		"op_flag": {
			"OP_SETNS":    uint64(sysflow.OpSetns),
			"OP_ACCEPT":   uint64(sysflow.OpAccept),
			"OP_CONNECT":  uint64(sysflow.OpConnect),
			"OP_OPEN":     uint64(sysflow.OpOpen),
			"OP_READ":     uint64(sysflow.OpReadRecv),
			"OP_WRITE":    uint64(sysflow.OpWriteSend),
			"OP_CLOSE":    uint64(sysflow.OpClose),
			"OP_SHUTDOWN": uint64(sysflow.OpShutdown),
			"OP_MMAP":     uint64(sysflow.OpMmap),
			"OP_MKDIR":    uint64(sysflow.OpMkdir),
			"OP_RMDIR":    uint64(sysflow.OpRmdir),
			"OP_LINK":     uint64(sysflow.OpLink),
			"OP_UNLINK":   uint64(sysflow.OpUnlink),
			"OP_SYMLINK":  uint64(sysflow.OpSymlink),
			"OP_RENAME":   uint64(sysflow.OpRename),
		},
		"exe_flag": {
			"EXE_WRITABLE":    uint64(sysflow.ExeWritable),
			"EXE_UPPER_LAYER": uint64(sysflow.ExeUpperLayer),
			"EXE_LOWER_LAYER": uint64(sysflow.ExeLowerLayer),
			"EXE_MEMFD":       uint64(sysflow.ExeMemfd),
		},
		"socket_role": {
			"ROLE_UNKNOWN":   uint64(flow.RoleUnknown),
			"ROLE_INITIATOR": uint64(flow.RoleInitiator),
			"ROLE_ACCEPTOR":  uint64(flow.RoleAcceptor),
		},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, want, enumValues(t, spec, name))
		})
	}
}

// TestContainersOutliveKernel: a control group whose path the programs have sent, and do not send
// again, is still known.
func TestContainersOutliveKernel(t *testing.T) {
	spec, err := bpf.LoadCapture()
	require.NoError(t, err)
	assert.EqualValues(t, maxCgroups/2, spec.Maps[bpf.CaptureMapCgroups].MaxEntries)
}
