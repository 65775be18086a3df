//go:build amd64 || arm64

package capture

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

// tableTest is a small table of flows, and descriptors of this process that all lead to the same
// slot of it.
type tableTest struct {
	*Capture
	fds     []int
	started map[int32]flow.Key
	ended   map[int32]flow.Totals
}

const (
	tableSlots  = 256
	firstOfSlot = 200
)

func newTableTest(t *testing.T, descriptors int) *tableTest {
	t.Helper()
	needCapture(t)
	w := &tableTest{started: make(map[int32]flow.Key), ended: make(map[int32]flow.Totals)}
	opts := DefaultOptions()
	opts.Self, opts.MaxFlows = true, tableSlots
	self := int32(os.Getpid())
	var err error
	w.Capture, err = Open(opts, func(e *flow.Event) {
		switch {
		case e.Flow.PID != self || e.Flow.FD < firstOfSlot: // others
		case e.Type == flow.EventFlowStart:
			w.started[e.Flow.FD] = e.Flow
		case e.Type == flow.EventFlowEnd:
			w.ended[e.Flow.FD] = e.Totals
		}
	})
	require.NoError(t, err)
	t.Cleanup(w.Close)
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("content"), 0o600))
	f, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	require.NoError(t, err)
	defer func() { _ = unix.Close(f) }()
	for i := range descriptors {
		fd := firstOfSlot + i*tableSlots
		require.NoError(t, unix.Dup3(f, fd, unix.O_CLOEXEC))
		t.Cleanup(func() { _ = unix.Close(fd) })
		w.fds = append(w.fds, fd)
	}
	return w
}

// read reads n bytes of a descriptor, one by one.
func (w *tableTest) read(t *testing.T, fd, n int) {
	t.Helper()
	buf := make([]byte, 1)
	for range n {
		_, err := unix.Pread(fd, buf, 0)
		require.NoError(t, err)
	}
}

// TestFlowsOfOneSlot: flows that lead to the same slot are counted and read apart, and the room of
// one that has ended is used again.
func TestFlowsOfOneSlot(t *testing.T) {
	w := newTableTest(t, 3)
	for turn := range 3 {
		for i, fd := range w.fds {
			w.read(t, fd, i+1+turn)
		}
		readUntil(t, w.Capture, "three flows", func() bool { return len(w.started) >= 3 })
		for i, fd := range w.fds {
			totals, ok := w.Meter().Read(w.started[int32(fd)])
			assert.True(t, ok, "descriptor %d", fd)
			assert.EqualValues(t, i+1+turn, totals.NumRRecvOps)
			assert.EqualValues(t, i+1+turn, totals.NumRRecvBytes)
		}
		// the first, which has the slot, ends before the others once, after them then
		order := []int{0, 1, 2}
		if turn > 0 {
			order = []int{2, 1, 0}
		}
		copies := make([]int, 3)
		for i, fd := range w.fds {
			var err error
			copies[i], err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
			require.NoError(t, err)
		}
		for _, i := range order {
			require.NoError(t, unix.Close(w.fds[i]))
		}
		readUntil(t, w.Capture, "their ends", func() bool { return len(w.ended) >= 3 })
		for i, fd := range w.fds {
			assert.EqualValues(t, i+1+turn, w.ended[int32(fd)].NumRRecvOps, "descriptor %d", fd)
			_, ok := w.Meter().Read(w.started[int32(fd)])
			assert.False(t, ok, "descriptor %d", fd)
			require.NoError(t, unix.Dup3(copies[i], fd, unix.O_CLOEXEC))
			require.NoError(t, unix.Close(copies[i]))
		}
		clear(w.started)
		clear(w.ended)
	}
	losses, err := w.Losses()
	require.NoError(t, err)
	assert.Zero(t, losses[LossFlowsFull])
}

// TestTakeFlows: the flows that user space takes out begin anew with their next operation.
func TestTakeFlows(t *testing.T) {
	w := newTableTest(t, 2)
	for turn := range 2 {
		for i, fd := range w.fds {
			w.read(t, fd, 4+i)
		}
		readUntil(t, w.Capture, "two flows", func() bool { return len(w.started) >= 2 })
		for i, fd := range w.fds {
			key := w.started[int32(fd)]
			totals, ok := w.Meter().Take(key)
			assert.True(t, ok, "descriptor %d in turn %d", fd, turn)
			assert.EqualValues(t, 4+i, totals.NumRRecvOps)
			_, ok = w.Meter().Take(key)
			assert.False(t, ok, "descriptor %d in turn %d", fd, turn)
		}
		clear(w.started)
	}
}

// TestFullFlowTable: flows without room are counted as lost, and there is room again when others
// have ended.
func TestFullFlowTable(t *testing.T) {
	const some = 40
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	w := newTableTest(t, 1)
	var extra []int
	// with this many in half a slot each there is no room, whatever else the host does
	for i := range 3 * tableSlots {
		fd, err := unix.FcntlInt(uintptr(w.fds[0]), unix.F_DUPFD_CLOEXEC, 300+i)
		require.NoError(t, err)
		extra = append(extra, fd)
		w.read(t, fd, 1)
	}
	full := func() uint64 {
		losses, err := w.Losses()
		require.NoError(t, err)
		return losses[LossFlowsFull]
	}
	assert.GreaterOrEqual(t, full(), uint64(tableSlots+tableSlots/2))
	for _, fd := range extra {
		require.NoError(t, unix.Close(fd))
	}
	before := full()
	readUntil(t, w.Capture, "the ends", func() bool { return len(w.ended) >= tableSlots })
	clear(w.started)
	for i := range some {
		fd, err := unix.FcntlInt(uintptr(w.fds[0]), unix.F_DUPFD_CLOEXEC, 300+i)
		require.NoError(t, err)
		w.read(t, fd, 1)
		require.NoError(t, unix.Close(fd))
	}
	readUntil(t, w.Capture, "the new flows", func() bool { return len(w.started) >= some })
	assert.Equal(t, before, full())
}
