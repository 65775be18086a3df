//go:build linux && (amd64 || arm64)

package capture

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/bpf"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

var fullID = strings.Repeat("0123456789abcdef", 4)

func cgroupEvent(number uint64, components string) []byte {
	return wire(bpf.CaptureEventCgroup{H: header(bpf.CaptureEventTypeEVENT_CGROUP, 0), Id: number}, components)
}

func execIn(number uint64, flags uint16) []byte {
	h := header(bpf.CaptureEventTypeEVENT_EXEC, flags)
	return wire(bpf.CaptureEventExec{H: h, Cgroup: number})
}

// forkInto is the fork of a child in a control group.
func forkInto(child uint32, number uint64) []byte {
	h := header(bpf.CaptureEventTypeEVENT_FORK, 0)
	fork := wire(bpf.CaptureEventFork{H: h, ChildPid: child, ChildCgroup: number})
	return append(fork, wire(bpf.CaptureTaskDetails{})...)
}

func TestDecodeContainer(t *testing.T) {
	d := testDecoder()
	d.containers = NewContainers()
	for _, b := range [][]byte{
		cgroupEvent(7, "docker-"+fullID+".scope\x00system.slice\x00"),
		cgroupEvent(8, "ssh.service\x00system.slice\x00"),
	} {
		e, _, err := d.decode(b)
		require.NoError(t, err)
		assert.Nil(t, e, "for the decoder itself")
	}
	id := fullID[:12]

	e, _, err := d.decode(execIn(7, 0))
	require.NoError(t, err)
	assert.Equal(t, id, e.Process.ContainerID)
	assert.Equal(t, cgroup.Identity{ID: id, FullID: fullID, Runtime: cgroup.Docker}, d.containers.Identity(id))
	assert.Equal(t, int32(10), d.containers.pid(id))

	for _, number := range []uint64{0, 8} {
		e, _, err = d.decode(execIn(number, 0))
		require.NoError(t, err)
		assert.Empty(t, e.Process.ContainerID, "on the host")
	}

	e, _, err = d.decode(forkInto(20, 7))
	require.NoError(t, err)
	assert.True(t, e.Child.ContainerKnown)
	assert.Equal(t, id, e.Child.ContainerID)
}

func TestDecodeContainerOfUnknownCgroup(t *testing.T) {
	d := testDecoder()
	d.containers = NewContainers()
	own := uint32(os.Getpid())
	e, _, err := d.decode(forkInto(own, 9))
	require.NoError(t, err)
	want, ok := hostProc.container(int32(own))
	require.True(t, ok)
	assert.True(t, e.Child.ContainerKnown)
	assert.Equal(t, want.ID, e.Child.ContainerID, "asked /proc")

	const none = 1<<31 - 1
	e, _, err = d.decode(forkInto(none, 9))
	require.NoError(t, err)
	assert.False(t, e.Child.ContainerKnown)
	assert.EqualValues(t, 1, d.cgroupsUnknown.Load())
}

func TestDecodeWithoutContainers(t *testing.T) {
	d := testDecoder()
	_, _, err := d.decode(cgroupEvent(7, fullID+"\x00docker\x00"))
	require.NoError(t, err)
	e, _, err := d.decode(execIn(7, 0))
	require.NoError(t, err)
	assert.Empty(t, e.Process.ContainerID)
}
