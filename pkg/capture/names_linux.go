//go:build amd64 || arm64

package capture

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
)

// containerNames resolves ids inside of containers, by the files of a container that a process of
// it sees. What these files hold is the container's business: they are read with care (rootFS),
// and what they say is believed for that container alone.
type containerNames struct {
	containers *Containers
	root       rootFS
	known      *recent.Map[string, *names]
}

// names are those of one container.
type names struct {
	// checked is when its files were looked at.
	checked       time.Time
	users, groups map[int32]string
	uids, gids    idMap
}

// maxNamed is of how many containers names are kept at least.
const maxNamed = 256

func newContainerNames(proc procFS, c *Containers) *containerNames {
	return &containerNames{containers: c, root: newRootFS(proc), known: recent.New[string, *names](maxNamed)}
}

func (c *containerNames) user(id string, uid int32) string {
	n := c.of(id)
	return nameInside(n.users, n.uids.inside(uid))
}

func (c *containerNames) group(id string, gid int32) string {
	n := c.of(id)
	return nameInside(n.groups, n.gids.inside(gid))
}

// nameInside knows root by heart: an image need not have any files.
func nameInside(names map[int32]string, id int32) string {
	if name := names[id]; name != "" || id != 0 {
		return name
	}
	return "root"
}

// of returns the names of a container, read again once in a while.
func (c *containerNames) of(id string) *names {
	n, ok := c.known.Get(id)
	if !ok {
		n = &names{}
		c.known.Put(id, n)
	}
	pid := c.containers.pid(id)
	if pid == 0 || time.Since(n.checked) < refreshInterval {
		return n
	}
	fresh, outcome := c.root.read(pid)
	switch outcome {
	case rootRead:
		*n = fresh
		n.checked = time.Now()
	case rootGone:
		// the next process that executes something takes its place
		c.containers.forgetPID(id, pid)
	case rootSlow:
		n.checked = time.Now().Add(slowPenalty)
	}
	return n
}
