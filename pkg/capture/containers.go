package capture

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

// Containers knows the containers whose processes were seen. A capture and a Host fill it; it is
// to be used from their goroutine.
type Containers struct {
	// cgroups holds what the paths of control groups tell, by the kernel's number.
	cgroups *recent.Map[uint64, cgroup.Identity]
	seen    *recent.Map[string, *seenContainer]
}

// seenContainer is a container and one of its processes.
type seenContainer struct {
	identity cgroup.Identity
	pid      int32
	// entry tells that the process is the first one of its pid namespace.
	entry bool
}

// How many are remembered at least. The kernel side remembers maxCgroups/2 control groups
// (map cgroups in bpf/include/maps.h), which TestContainersOutliveKernel checks, and sends the
// others again.
const (
	maxCgroups    = 1 << 14
	maxContainers = 1 << 12
)

// NewContainers returns a table without any containers.
func NewContainers() *Containers {
	return &Containers{
		cgroups: recent.New[uint64, cgroup.Identity](maxCgroups),
		seen:    recent.New[string, *seenContainer](maxContainers),
	}
}

// Identity tells what is known of a container by its abbreviated id. It is the zero value when
// the container was not seen, or so long ago that it is forgotten.
func (c *Containers) Identity(id string) cgroup.Identity {
	if s, ok := c.seen.Get(id); ok {
		return s.identity
	}
	return cgroup.Identity{}
}

// learn takes the path of a control group.
func (c *Containers) learn(number uint64, path string) {
	id := cgroup.Parse(path)
	c.cgroups.Put(number, id)
	c.note(id)
}

// of returns the id of the container that a control group belongs to, "" for the host; false when
// the control group is not known.
func (c *Containers) of(number uint64) (string, bool) {
	if number == 0 {
		return "", true
	}
	id, ok := c.cgroups.Get(number)
	if ok {
		c.note(id)
	}
	return id.ID, ok
}

// note remembers a container.
func (c *Containers) note(id cgroup.Identity) {
	if id.ID == "" {
		return
	}
	if _, ok := c.seen.Get(id.ID); !ok {
		c.seen.Put(id.ID, &seenContainer{identity: id})
	}
}

// notePID remembers a process that runs a program of a container: the first one that is seen, or
// rather the container's first process.
func (c *Containers) notePID(id string, pid int32, entry bool) {
	s, ok := c.seen.Get(id)
	if ok && (s.pid == 0 || (entry && !s.entry)) {
		s.pid, s.entry = pid, entry
	}
}

// forgetPID makes room for another process.
func (c *Containers) forgetPID(id string, pid int32) {
	if s, ok := c.seen.Peek(id); ok && s.pid == pid {
		s.pid, s.entry = 0, false
	}
}

// pid returns a process of a container, 0 when none is known.
func (c *Containers) pid(id string) int32 {
	if s, ok := c.seen.Peek(id); ok {
		return s.pid
	}
	return 0
}
