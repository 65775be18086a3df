package runtimes

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestUsual(t *testing.T) {
	clients, err := Usual()
	require.NoError(t, err)
	var got []string
	for _, c := range clients {
		got = append(got, c.String())
	}
	assert.Contains(t, got, "/var/run/docker.sock")
	assert.Contains(t, got, "/run/containerd/containerd.sock")
	assert.Contains(t, got, "/host/run/crio/crio.sock")
	require.NoError(t, Close(clients))
}

func TestPath(t *testing.T) {
	for socket, want := range map[string]string{"unix:///run/x.sock": "/run/x.sock", "/run/x.sock": "/run/x.sock"} {
		got, err := Path(socket)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, socket := range []string{"", "run/x.sock", "tcp://127.0.0.1:2375", "unix://x"} {
		_, err := At([]string{"/run/y.sock", socket})
		assert.ErrorContains(t, err, "absolute path", socket)
	}
}

// TestAt: which of the two interfaces a socket has is found out.
func TestAt(t *testing.T) {
	full := strings.Repeat("ab", 32)
	id := cgroup.Identity{ID: full[:12], FullID: full}
	listen := func(t *testing.T) (net.Listener, container.Client) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		require.NoError(t, err)
		clients, err := At([]string{"unix://" + path})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, Close(clients)) })
		return l, clients[0]
	}
	t.Run("docker", func(t *testing.T) {
		l, c := listen(t)
		s := httptest.NewUnstartedServer(http.NotFoundHandler())
		s.Listener = l
		s.Start()
		defer s.Close()
		_, err := c.Inspect(t.Context(), id)
		require.ErrorIs(t, err, container.ErrNotFound)
	})
	t.Run("cri", func(t *testing.T) {
		l, c := listen(t)
		s := grpc.NewServer()
		runtime.RegisterRuntimeServiceServer(s, runtime.UnimplementedRuntimeServiceServer{})
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		_, err := c.Inspect(t.Context(), id)
		require.ErrorIs(t, err, container.ErrAbsent, "which answers to the interface, and has no containers")
		s.Stop()
		require.NoError(t, <-served)
	})
	t.Run("hung", func(t *testing.T) {
		_, c := listen(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := c.Inspect(ctx, id)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
	t.Run("none", func(t *testing.T) {
		l, c := listen(t)
		require.NoError(t, l.Close())
		_, err := c.Inspect(t.Context(), id)
		assert.ErrorIs(t, err, container.ErrAbsent)
	})
}
