// Package runtimes finds the container runtimes of a host.
package runtimes

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
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
