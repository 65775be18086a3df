package tests

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// run runs a program to its end.
func run(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// startThread starts a thread that ends at once, and returns its id.
func startThread() int64 {
	tid := make(chan int64)
	go endThread(tid)
	return <-tid
}

// endThread tells the id of its thread and ends with it: a goroutine that is locked takes
// its thread along. Only the first thread of a process would stay, so it is held while
// another one takes over.
func endThread(tid chan<- int64) {
	runtime.LockOSThread()
	id := syscall.Gettid()
	if id != os.Getpid() {
		tid <- int64(id)
		return
	}
	defer runtime.UnlockOSThread()
	other := make(chan int64)
	go endThread(other)
	tid <- <-other
}
