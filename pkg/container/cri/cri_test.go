package cri

import (
	"context"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	full    = strings.Repeat("0123456789abcdef", 4)
	sandbox = strings.Repeat("fedcba9876543210", 4)
	hash    = strings.Repeat("ab", 32)
	id      = cgroup.Identity{ID: full[:12], FullID: full}
)

// fake is a runtime with what a test gives it.
type fake struct {
	runtime.UnimplementedRuntimeServiceServer
	runtime.UnimplementedImageServiceServer
	name       string
	containers map[string]*runtime.ContainerStatusResponse
	sandboxes  map[string]*runtime.PodSandboxStatusResponse
	list       []*runtime.Container
	images     map[string]*runtime.Image
}

var errNone = status.Error(codes.NotFound, "not found")

func (f *fake) Version(context.Context, *runtime.VersionRequest) (*runtime.VersionResponse, error) {
	return &runtime.VersionResponse{RuntimeName: f.name}, nil
}

func (f *fake) ContainerStatus(_ context.Context, r *runtime.ContainerStatusRequest) (*runtime.ContainerStatusResponse, error) {
	if c := f.containers[r.GetContainerId()]; c != nil {
		return c, nil
	}
	return nil, errNone
}

func (f *fake) PodSandboxStatus(_ context.Context, r *runtime.PodSandboxStatusRequest) (*runtime.PodSandboxStatusResponse, error) {
	if s := f.sandboxes[r.GetPodSandboxId()]; s != nil {
		return s, nil
	}
	return nil, errNone
}

func (f *fake) ListContainers(context.Context, *runtime.ListContainersRequest) (*runtime.ListContainersResponse, error) {
	return &runtime.ListContainersResponse{Containers: f.list}, nil
}

func (f *fake) ImageStatus(_ context.Context, r *runtime.ImageStatusRequest) (*runtime.ImageStatusResponse, error) {
	return &runtime.ImageStatusResponse{Image: f.images[r.GetImage().GetImage()]}, nil
}

// serve runs a server on a unix socket, and returns a client of it.
func serve(t *testing.T, register func(*grpc.Server)) *Client {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	s := grpc.NewServer()
	register(s)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	c, err := New(path)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		s.Stop()
		require.NoError(t, <-served)
	})
	return c
}

func (f *fake) serve(t *testing.T) *Client {
	t.Helper()
	return serve(t, func(s *grpc.Server) {
		runtime.RegisterRuntimeServiceServer(s, f)
		runtime.RegisterImageServiceServer(s, f)
	})
}

func podSandbox() *runtime.PodSandboxStatusResponse {
	return &runtime.PodSandboxStatusResponse{
		Status: &runtime.PodSandboxStatus{
			Id: sandbox, CreatedAt: 7,
			Metadata: &runtime.PodSandboxMetadata{Name: "web-0", Uid: "u", Namespace: "shop"},
			Labels:   map[string]string{"app": "web", container.LabelPodUID: "u"},
			Network:  &runtime.PodSandboxNetworkStatus{Ip: "10.0.0.7", AdditionalIps: []*runtime.PodIP{{Ip: "fd00::7"}}},
		},
		Info: map[string]string{"info": `{"image": "registry.k8s.io/pause:3.9"}`},
	}
}

func wantPod() *sysflow.Pod {
	v, _ := sysflow.IPv4ToInt32(addr("10.0.0.7"))
	return &sysflow.Pod{
		TS: 7, ID: "u", Name: "web-0", Namespace: "shop", InternalIP: []int64{int64(uint32(v))},
		Labels: map[string]string{"app": "web"},
	}
}

func containerStatus(info string, change func(*runtime.ContainerStatus)) *runtime.ContainerStatusResponse {
	st := &runtime.ContainerStatus{
		Id: full, Metadata: &runtime.ContainerMetadata{Name: "nginx"},
		Image: &runtime.ImageSpec{Image: "docker.io/library/nginx:1"}, ImageRef: "docker.io/library/nginx@sha256:22",
		Labels: map[string]string{container.LabelPodUID: "u", container.LabelPodName: "web-0"},
	}
	if change != nil {
		change(st)
	}
	return &runtime.ContainerStatusResponse{Status: st, Info: map[string]string{"info": info}}
}

func TestInspect(t *testing.T) {
	labels := map[string]string{container.LabelPodUID: "u", container.LabelPodName: "web-0"}
	base := func(change func(*sysflow.Container)) *sysflow.Container {
		c := &sysflow.Container{
			ID: id.ID, Name: "nginx", Image: "docker.io/library/nginx:1", ImageDigest: "sha256:22",
			Type: sysflow.ContainerContainerd, PodID: "u", Labels: labels,
		}
		if change != nil {
			change(c)
		}
		return c
	}
	inSandbox := `{"sandboxID": "` + sandbox + `"}`
	for _, test := range []struct {
		name string
		fake fake
		want container.Info
	}{
		{
			"containerd",
			fake{name: "containerd", containers: map[string]*runtime.ContainerStatusResponse{full: containerStatus(
				`{"sandboxID": "`+sandbox+`", "config": {"linux": {"security_context": {"privileged": true}}}}`, nil)}},
			container.Info{Container: base(func(c *sysflow.Container) { c.Privileged = true }), Pod: wantPod()},
		},
		{
			"cri-o",
			fake{name: "cri-o", containers: map[string]*runtime.ContainerStatusResponse{full: containerStatus(
				`{"sandboxID": "`+sandbox+`", "privileged": true}`, nil)}},
			container.Info{Container: base(func(c *sysflow.Container) { c.Privileged, c.Type = true, sysflow.ContainerCRIO }), Pod: wantPod()},
		},
		{
			"another runtime, which tells no more than it must",
			fake{
				name: "other", containers: map[string]*runtime.ContainerStatusResponse{full: containerStatus("nonsense", nil)},
				list: []*runtime.Container{{Id: full, PodSandboxId: sandbox}},
			},
			container.Info{Container: base(func(c *sysflow.Container) { c.Type = sysflow.ContainerCRI }), Pod: wantPod()},
		},
		{
			"the image by its id, and mounts",
			fake{
				name: "containerd",
				containers: map[string]*runtime.ContainerStatusResponse{full: containerStatus(inSandbox, func(s *runtime.ContainerStatus) {
					s.Image.Image, s.ImageRef = "sha256:"+hash, "sha256:"+hash
					s.Mounts = []*runtime.Mount{
						{ContainerPath: "/y", HostPath: "/b", Propagation: runtime.MountPropagation_PROPAGATION_BIDIRECTIONAL},
						{ContainerPath: "/x", HostPath: "/a", Readonly: true, Propagation: runtime.MountPropagation_PROPAGATION_HOST_TO_CONTAINER},
					}
				})},
				images: map[string]*runtime.Image{"sha256:" + hash: {
					Id: "sha256:" + hash, RepoTags: []string{"app:1"}, RepoDigests: []string{"app@sha256:33"},
				}},
			},
			container.Info{Container: base(func(c *sysflow.Container) {
				c.Image, c.ImageID, c.ImageDigest = "app:1", hash, "sha256:33"
				c.Mounts = []sysflow.Mount{
					{Source: "/a", Destination: "/x", Mode: "ro", Propagation: "rslave"},
					{Source: "/b", Destination: "/y", RW: true, Propagation: "rshared"},
				}
			}), Pod: wantPod()},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.fake.sandboxes = map[string]*runtime.PodSandboxStatusResponse{sandbox: podSandbox()}
			c := test.fake.serve(t)
			for range 2 { // the second time by what is remembered
				got, err := c.Inspect(t.Context(), id)
				require.NoError(t, err)
				assert.Equal(t, test.want, got)
			}
		})
	}
	t.Run("its sandbox is gone", func(t *testing.T) {
		f := fake{name: "containerd", containers: map[string]*runtime.ContainerStatusResponse{full: containerStatus(inSandbox, nil)}}
		got, err := f.serve(t).Inspect(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, container.Info{Container: base(nil), Pod: &sysflow.Pod{ID: "u", Name: "web-0"}}, got)
	})
	t.Run("a sandbox", func(t *testing.T) {
		f := fake{name: "containerd", sandboxes: map[string]*runtime.PodSandboxStatusResponse{sandbox: podSandbox()}}
		got, err := f.serve(t).Inspect(t.Context(), cgroup.Identity{ID: sandbox[:12], FullID: sandbox})
		require.NoError(t, err)
		assert.Equal(t, container.Info{Container: &sysflow.Container{
			ID: sandbox[:12], Name: "web-0", Image: "registry.k8s.io/pause:3.9", Type: sysflow.ContainerContainerd, PodID: "u",
			Labels: map[string]string{"app": "web", container.LabelPodUID: "u"},
		}, Pod: wantPod()}, got)
	})
}

func TestInspectFails(t *testing.T) {
	t.Run("unknown", func(t *testing.T) {
		_, err := (&fake{name: "containerd"}).serve(t).Inspect(t.Context(), id)
		assert.ErrorIs(t, err, container.ErrNotFound)
	})
	t.Run("another container", func(t *testing.T) {
		other := containerStatus("{}", func(s *runtime.ContainerStatus) { s.Id = sandbox })
		f := fake{containers: map[string]*runtime.ContainerStatusResponse{full: other}}
		_, err := f.serve(t).Inspect(t.Context(), id)
		assert.ErrorContains(t, err, "asked for container")
	})
	t.Run("a server without the interface", func(t *testing.T) {
		_, err := serve(t, func(*grpc.Server) {}).Inspect(t.Context(), id)
		assert.ErrorIs(t, err, container.ErrAbsent)
	})
	t.Run("no socket", func(t *testing.T) {
		c, err := New(filepath.Join(t.TempDir(), "none"))
		require.NoError(t, err)
		defer c.Close()
		_, err = c.Inspect(t.Context(), id)
		assert.ErrorIs(t, err, container.ErrAbsent)
	})
	t.Run("no answer", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		require.NoError(t, err)
		defer l.Close()
		c, err := New(path)
		require.NoError(t, err)
		defer c.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10_000_000)
		defer cancel()
		_, err = c.Inspect(ctx, id)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func FuzzParseDetails(f *testing.F) {
	f.Add(`{"sandboxID": "x", "privileged": true}`)
	f.Add(`{"config": {"linux": null}}`)
	f.Fuzz(func(_ *testing.T, text string) {
		d := parseDetails(map[string]string{"info": text})
		d.privileged()
	})
}

func addr(s string) netip.Addr { return netip.MustParseAddr(s) }
