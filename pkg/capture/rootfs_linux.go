//go:build amd64 || arm64

package capture

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// rootFS reads files as a process sees them, from its root directory. The files are under the
// control of whoever runs there: symbolic links must not lead out, devices and pipes must not be
// opened, sizes are bounded, and a file system in user space may let us wait. So files are read in a
// goroutine of their own that is waited for only shortly; if it hangs, it does so alone.
type rootFS struct {
	proc procFS
	// slots bounds the goroutines.
	slots    chan struct{}
	patience time.Duration
}

const (
	// maxNamesFile is how much of a file is read.
	maxNamesFile = 256 << 10
	// rootPatience is how long reading may keep the capture from its work, once in slowPenalty
	// for a container where it takes longer.
	rootPatience = 20 * time.Millisecond
	slowPenalty  = time.Minute
	rootReaders  = 2
)

// rootOutcome is how reading ended.
type rootOutcome uint8

// Outcomes of reading what a process sees.
const (
	rootRead rootOutcome = iota
	// rootGone: the process cannot be asked, or is not inside of the container's file system.
	rootGone
	rootSlow
)

func newRootFS(proc procFS) rootFS {
	return rootFS{proc: proc, slots: make(chan struct{}, rootReaders), patience: rootPatience}
}

// read returns the names that a process knows.
func (r rootFS) read(pid int32) (names, rootOutcome) {
	select {
	case r.slots <- struct{}{}:
	default:
		return names{}, rootSlow
	}
	type result struct {
		names names
		err   error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-r.slots }()
		n, err := r.names(pid)
		done <- result{n, err}
	}()
	timer := time.NewTimer(r.patience)
	defer timer.Stop()
	select {
	case res := <-done:
		if res.err != nil {
			return names{}, rootGone
		}
		return res.names, rootRead
	case <-timer.C:
		return names{}, rootSlow
	}
}

var errHostRoot = errors.New("the process sees the host's files")

func (r rootFS) names(pid int32) (names, error) {
	root, err := os.OpenFile(r.proc.file(pid, "root"), unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return names{}, err
	}
	defer root.Close()
	// a runtime that has not changed its root yet, or a process that went back
	if own, err := os.Stat(r.proc.file(1, "root")); err == nil {
		if st, err := root.Stat(); err != nil || os.SameFile(own, st) {
			return names{}, errHostRoot
		}
	}
	var n names
	if b, err := readInRoot(root, "etc/passwd"); err == nil {
		n.users = parseNames(b)
	}
	if b, err := readInRoot(root, "etc/group"); err == nil {
		n.groups = parseNames(b)
	}
	n.uids, n.gids = r.idMap(pid, "uid_map"), r.idMap(pid, "gid_map")
	return n, nil
}

func (r rootFS) idMap(pid int32, name string) idMap {
	b, err := os.ReadFile(r.proc.file(pid, name))
	if err != nil {
		return nil
	}
	return parseIDMap(string(b))
}

// readInRoot reads the beginning of a regular file under a directory, which takes the place of the
// root for symbolic links. What the file is, is known before it is opened.
func readInRoot(root *os.File, name string) ([]byte, error) {
	fd, err := unix.Openat2(int(root.Fd()), name, &unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS,
	})
	if err != nil {
		return nil, &fs.PathError{Op: "openat2", Path: name, Err: err}
	}
	place := os.NewFile(uintptr(fd), name)
	defer place.Close()
	st, err := place.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	f, err := os.Open("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxNamesFile))
}
