package runtimes

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cri"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/docker"
)

// either is a client of a socket of which is not known what it speaks.
type either struct {
	path   string
	docker *docker.Client
	cri    *cri.Client
	chosen atomic.Pointer[container.Client]
}

func newEither(path string) (*either, error) {
	c, err := cri.New(path)
	if err != nil {
		return nil, err
	}
	return &either{path: path, docker: docker.New(path), cri: c}, nil
}

// Inspect implements container.Client.
func (e *either) Inspect(ctx context.Context, id cgroup.Identity) (container.Info, error) {
	chosen := e.chosen.Load()
	if chosen == nil {
		http, err := speaksHTTP1(ctx, e.path)
		if err != nil {
			return container.Info{}, err
		}
		var c container.Client = e.cri
		if http {
			c = e.docker
		}
		chosen = &c
		e.chosen.Store(chosen)
	}
	return (*chosen).Inspect(ctx, id)
}

// String implements container.Client.
func (e *either) String() string { return e.path }

// Close implements container.Client.
func (e *either) Close() error { return errors.Join(e.docker.Close(), e.cri.Close()) }

// speaksHTTP1 tells whether a server answers in HTTP/1, as those of the Docker API do. One of CRI
// speaks HTTP/2 only.
func speaksHTTP1(ctx context.Context, path string) (bool, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if errors.Is(err, os.ErrNotExist) {
		return false, fmt.Errorf("%s: %w", path, container.ErrAbsent)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if _, err := io.WriteString(conn, "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	const want = "HTTP/1."
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil {
		return false, fmt.Errorf("%s: %w", path, errors.Join(ctx.Err(), err))
	}
	return string(got) == want, nil
}
