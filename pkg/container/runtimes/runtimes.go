// Package runtimes finds the container runtimes of a host.
package runtimes

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cri"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/docker"
)

// HostRoot is where the host's files are looked for besides the root directory, in case that this
// is run in a container.
const HostRoot = "/host"

// Usual sockets, by what they speak.
var (
	dockerSockets = []string{"/var/run/docker.sock", "/run/podman/podman.sock"}
	criSockets    = []string{
		"/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/k3s/containerd/containerd.sock",
	}
)

// Usual returns clients for the usual sockets of container runtimes, be they there or not: a runtime
// may be started later.
func Usual() ([]container.Client, error) {
	return under("/", HostRoot)
}

func under(roots ...string) (clients []container.Client, err error) {
	for _, root := range roots {
		for _, path := range dockerSockets {
			clients = append(clients, docker.New(filepath.Join(root, path)))
		}
		for _, path := range criSockets {
			c, err := cri.New(filepath.Join(root, path))
			if err != nil {
				return nil, errors.Join(err, Close(clients))
			}
			clients = append(clients, c)
		}
	}
	return clients, nil
}

// At returns clients for sockets of the user's choice. Which API a socket has shows when it is first
// used.
func At(sockets []string) (clients []container.Client, err error) {
	for _, socket := range sockets {
		path, err := Path(socket)
		if err != nil {
			return nil, errors.Join(err, Close(clients))
		}
		c, err := newEither(path)
		if err != nil {
			return nil, errors.Join(err, Close(clients))
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// Path returns the path of a socket that is given as "unix:///path" or "/path".
func Path(socket string) (string, error) {
	path := strings.TrimPrefix(socket, "unix://")
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf(`must be "unix://" and an absolute path, is %q`, socket)
	}
	return path, nil
}

// Close closes clients.
func Close(clients []container.Client) error {
	var errs []error
	for _, c := range clients {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// either is a client of a socket of which is not known what it speaks.
type either struct {
	docker *docker.Client
	cri    *cri.Client
	// isCRI tells that the runtime has answered to that.
	isCRI atomic.Bool
}

func newEither(path string) (*either, error) {
	c, err := cri.New(path)
	if err != nil {
		return nil, err
	}
	return &either{docker: docker.New(path), cri: c}, nil
}

// Inspect implements container.Client.
func (e *either) Inspect(ctx context.Context, id cgroup.Identity) (container.Info, error) {
	if !e.isCRI.Load() {
		info, err := e.docker.Inspect(ctx, id)
		if !errors.Is(err, docker.ErrNotHTTP) {
			return info, err
		}
	}
	info, err := e.cri.Inspect(ctx, id)
	if err == nil || errors.Is(err, container.ErrNotFound) {
		e.isCRI.Store(true)
	}
	return info, err
}

// String implements container.Client.
func (e *either) String() string { return e.docker.String() }

// Close implements container.Client.
func (e *either) Close() error { return errors.Join(e.docker.Close(), e.cri.Close()) }
