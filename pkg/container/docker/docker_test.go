package docker

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	full    = strings.Repeat("0123456789abcdef", 4)
	id      = cgroup.Identity{ID: full[:12], FullID: full}
	imageID = "sha256:" + strings.Repeat("ab", 32)
)

// serve answers as an engine does, by path.
func serve(t *testing.T, answers map[string]string) *Client {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := answers[r.URL.Path]
		switch {
		case body == "500":
			w.WriteHeader(http.StatusInternalServerError)
		case ok:
			_, _ = w.Write([]byte(body))
		default:
			http.NotFound(w, r)
		}
	}))
	s.Listener = l
	s.Start()
	c := New(path)
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		s.Close()
	})
	return c
}

const docker = `{"Version": "28.0", "Components": [{"Name": "Engine"}, {"Name": "containerd"}]}`

func TestInspect(t *testing.T) {
	answer := func(name, rest string) string {
		return `{"Id": "` + full + `", "Name": "/web", "Image": "` + imageID + `", "Config": {"Image": "` + name + `"` + rest + `}`
	}
	plain := answer("app", "}")
	for _, test := range []struct {
		name                      string
		container, image, version string
		want                      container.Info
	}{
		{
			"plain", plain, "", docker,
			container.Info{Container: &sysflow.Container{ID: id.ID, Name: "web", Image: "app:latest", ImageID: imageID[7:]}},
		},
		{
			"everything",
			answer("registry:5000/app:2", `, "Labels": {"team": "blue"}}, "HostConfig": {"Privileged": true}, "Mounts": [
				{"Type": "bind", "Source": "/b", "Destination": "/y", "Mode": "ro", "RW": false, "Propagation": "rprivate"},
				{"Type": "volume", "Name": "v", "Source": "/a", "Destination": "/x", "RW": true}]`),
			`{"RepoTags": ["registry:5000/app:2"], "RepoDigests": ["other@sha256:1", "registry:5000/app@sha256:2"]}`, docker,
			container.Info{Container: &sysflow.Container{
				ID: id.ID, Name: "web", Image: "registry:5000/app:2", ImageID: imageID[7:], ImageDigest: "sha256:2", Privileged: true,
				Labels: map[string]string{"team": "blue"},
				Mounts: []sysflow.Mount{
					{Source: "/a", Destination: "/x", RW: true},
					{Source: "/b", Destination: "/y", Mode: "ro", Propagation: "rprivate"},
				},
			}},
		},
		{
			"by the id of its image", answer(imageID, "}"), `{"RepoTags": ["app:1", "app:2"]}`, docker,
			container.Info{Container: &sysflow.Container{ID: id.ID, Name: "web", Image: "app:1", ImageID: imageID[7:]}},
		},
		{
			"by the id of an image without names", answer(imageID[7:19], "}"), "", docker,
			container.Info{Container: &sysflow.Container{ID: id.ID, Name: "web", Image: imageID[7:19], ImageID: imageID[7:]}},
		},
		{
			"podman", plain, "", `{"Components": [{"Name": "Podman Engine"}]}`,
			container.Info{Container: &sysflow.Container{
				ID: id.ID, Name: "web", Image: "app:latest", ImageID: imageID[7:], Type: sysflow.ContainerCustom, Runtime: "podman",
			}},
		},
		{
			"of a pod",
			answer("app:1", `, "Labels": {"io.kubernetes.pod.uid": "u", "io.kubernetes.pod.name": "web-0",
				"io.kubernetes.pod.namespace": "shop", "io.kubernetes.container.name": "nginx"}}`),
			"", docker,
			container.Info{
				Container: &sysflow.Container{
					ID: id.ID, Name: "nginx", Image: "app:1", ImageID: imageID[7:], PodID: "u",
					Labels: map[string]string{
						"io.kubernetes.pod.uid": "u", "io.kubernetes.pod.name": "web-0",
						"io.kubernetes.pod.namespace": "shop", "io.kubernetes.container.name": "nginx",
					},
				},
				Pod: &sysflow.Pod{ID: "u", Name: "web-0", Namespace: "shop"},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := map[string]string{"/containers/" + full + "/json": test.container, "/version": test.version}
			if test.image != "" {
				answers["/images/"+imageID+"/json"] = test.image
			}
			c := serve(t, answers)
			for range 2 { // the second time by what is remembered
				got, err := c.Inspect(t.Context(), id)
				require.NoError(t, err)
				assert.Equal(t, test.want, got)
			}
		})
	}
}

func TestInspectFails(t *testing.T) {
	path := "/containers/" + full + "/json"
	for _, test := range []struct {
		name    string
		answers map[string]string
		want    string
	}{
		{"unknown", nil, container.ErrNotFound.Error()},
		{"another container", map[string]string{path: `{"Id": "x"}`}, `got "x"`},
		{"nonsense", map[string]string{path: `nonsense`}, "invalid character"},
		{"a fault", map[string]string{path: "500"}, "500 Internal Server Error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := serve(t, test.answers).Inspect(t.Context(), id)
			assert.ErrorContains(t, err, test.want)
		})
	}
	t.Run("no socket", func(t *testing.T) {
		_, err := New(filepath.Join(t.TempDir(), "none")).Inspect(t.Context(), id)
		assert.ErrorIs(t, err, container.ErrAbsent)
	})
	t.Run("nobody listens", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
		require.NoError(t, err)
		l.SetUnlinkOnClose(false)
		require.NoError(t, l.Close())
		_, err = New(path).Inspect(t.Context(), id)
		require.Error(t, err)
		require.NotErrorIs(t, err, container.ErrAbsent)
	})
	t.Run("no answer", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		require.NoError(t, err)
		defer l.Close()
		ctx, cancel := context.WithTimeout(t.Context(), 10_000_000)
		defer cancel()
		_, err = New(path).Inspect(ctx, id)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
