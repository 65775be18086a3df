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

func taskDetails() bpf.CaptureTaskDetails {
	return bpf.CaptureTaskDetails{
		CapPermitted: 1, CapEffective: 1 << 40, CapInheritable: 1 << 63, Ruid: 2, Suid: 3, Rgid: 4, Sgid: 5, LoginUid: ^uint32(0),
		Sid: 6, Pgid: 7, Vpid: 8, Vsid: 9, Vpgid: 10, Ns: [7]uint32{11, 12, 13, 14, 15, 16, 0xEFFFFFFD},
		Comm: [16]uint8{'s', 'h', 0, 'x'},
	}
}

func wantDetails() sysflow.ProcessDetails {
	return sysflow.ProcessDetails{
		Comm: "sh", CapPermitted: 1, CapEffective: 1 << 40, CapInheritable: -1 << 63, RealUID: 2, SavedUID: 3, RealGID: 4, SavedGID: 5,
		LoginUID: sysflow.UnknownID, SID: 6, PGID: 7, VPID: 8, VSID: 9, VPGID: 10,
		Namespaces: sysflow.Namespaces{Cgroup: 11, IPC: 12, Mnt: 13, Net: 14, PID: 15, User: 16, UTS: 0xEFFFFFFD},
	}
}

func TestDecodeFork(t *testing.T) {
	fork := bpf.CaptureEventFork{H: header(bpf.CaptureEventTypeEVENT_FORK, flagEntry), ChildPid: 12, ChildTid: 12, ParentPid: 10}
	task := taskDetails()
	details := wantDetails()
	e := decodeOne(t, append(wire(fork), wire(task)...))
	assert.Equal(t, flow.EventFork, e.Type)
	assert.Equal(t, flow.Child{PID: 12, TID: 12, Entry: true, Details: &details}, e.Child)

	_, _, err := testDecoder().decode(wire(fork))
	require.ErrorIs(t, err, errShort)

	fork.H = header(bpf.CaptureEventTypeEVENT_THREAD, 0)
	e = decodeOne(t, wire(fork))
	assert.Equal(t, flow.EventThread, e.Type)
	assert.Nil(t, e.Child.Details)
}

func TestDecodeCreds(t *testing.T) {
	creds := bpf.CaptureEventCreds{H: header(bpf.CaptureEventTypeEVENT_CREDS, 0), Uid: 1, Gid: 2, Task: taskDetails()}
	details := wantDetails()
	e := decodeOne(t, wire(creds))
	assert.Equal(t, flow.EventCreds, e.Type)
	assert.Equal(t, &flow.ProcessInfo{UID: 1, GID: 2, Details: &details}, e.Process)

	creds.H, creds.Arg = header(bpf.CaptureEventTypeEVENT_SETUID, 0), 3
	e = decodeOne(t, wire(creds))
	assert.Equal(t, flow.EventSetuid, e.Type)
	assert.EqualValues(t, 3, e.SetuidTo)
	assert.Equal(t, &details, e.Process.Details)
}

func TestCString(t *testing.T) {
	for in, want := range map[string]string{"": "", "\x00": "", "sh\x00x": "sh", "0123456789abcdef": "0123456789abcdef"} {
		assert.Equal(t, want, cString([]byte(in)))
	}
}
