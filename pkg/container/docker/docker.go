// Package docker asks the Docker Engine, or whatever offers its API on a unix socket, as podman
// does. See https://docs.docker.com/reference/api/engine/.
package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// maxAnswer bounds how much of an answer is read, in bytes.
const maxAnswer = 8 << 20

// maxImages is of how many images it is remembered at least what they are.
const maxImages = 256

// Client implements container.Client.
type Client struct {
	path string
	http http.Client

	mu     sync.Mutex
	podman bool
	// asked tells that it is known whether the server is podman.
	asked  bool
	images *recent.Map[string, *image]
}

// New returns a client of the server at a unix socket, which is connected to when it is needed.
func New(path string) *Client {
	c := &Client{path: path, images: recent.New[string, *image](maxImages)}
	c.http.Transport = &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
		DisableCompression: true,
	}
	return c
}

// String implements container.Client.
func (c *Client) String() string { return c.path }

// Close implements container.Client.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Inspect implements container.Client.
func (c *Client) Inspect(ctx context.Context, id cgroup.Identity) (container.Info, error) {
	var a answer
	if err := c.get(ctx, "/containers/"+url.PathEscape(id.FullID)+"/json", &a); err != nil {
		return container.Info{}, err
	}
	if a.ID != id.FullID {
		return container.Info{}, fmt.Errorf("%s: asked for container %s, got %q", c.path, id.FullID, a.ID)
	}
	podman, err := c.isPodman(ctx)
	if err != nil {
		return container.Info{}, err
	}
	return describe(id, &a, c.image(ctx, a.Image), podman), nil
}

// answer is what matters of the description of a container.
type answer struct {
	ID     string `json:"Id"`
	Name   string
	Image  string // the id
	Config struct {
		Image  string // the name
		Labels map[string]string
	}
	HostConfig struct {
		Privileged bool
	}
	Mounts []struct {
		Source      string
		Destination string
		Mode        string
		RW          bool
		Propagation string
	}
}

// image is what matters of the description of an image.
type image struct {
	RepoTags    []string
	RepoDigests []string
}

func describe(id cgroup.Identity, a *answer, img *image, podman bool) container.Info {
	ctr := &sysflow.Container{
		ID:         id.ID,
		Name:       strings.TrimPrefix(a.Name, "/"),
		Image:      container.ImageName(a.Config.Image),
		ImageID:    container.ImageID(a.Image),
		Type:       sysflow.ContainerDocker,
		Privileged: a.HostConfig.Privileged,
		Labels:     a.Config.Labels,
	}
	if podman {
		ctr.Type, ctr.Runtime = sysflow.ContainerCustom, container.RuntimePodman
	}
	if container.IsImageID(a.Config.Image) {
		ctr.Image = a.Config.Image
		if len(img.RepoTags) > 0 {
			ctr.Image = img.RepoTags[0]
		}
	}
	ctr.ImageDigest = container.Digest(img.RepoDigests, ctr.Image)
	for _, m := range a.Mounts {
		ctr.Mounts = append(ctr.Mounts, sysflow.Mount(m))
	}
	slices.SortFunc(ctr.Mounts, func(a, b sysflow.Mount) int { return strings.Compare(a.Destination, b.Destination) })
	pod := container.PodFromLabels(a.Config.Labels)
	if pod != nil {
		ctr.PodID = pod.ID
		if name := a.Config.Labels[container.LabelContainerName]; name != "" {
			ctr.Name = name
		}
	}
	return container.Info{Container: ctr, Pod: pod}
}

// image describes an image; one that is gone has no names.
func (c *Client) image(ctx context.Context, id string) *image {
	c.mu.Lock()
	img, ok := c.images.Get(id)
	c.mu.Unlock()
	if ok {
		return img
	}
	img = &image{}
	if id == "" || c.get(ctx, "/images/"+url.PathEscape(id)+"/json", img) != nil {
		return &image{}
	}
	c.mu.Lock()
	c.images.Put(id, img)
	c.mu.Unlock()
	return img
}

// isPodman tells whether the server is podman, which says so itself.
func (c *Client) isPodman(ctx context.Context) (bool, error) {
	c.mu.Lock()
	podman, asked := c.podman, c.asked
	c.mu.Unlock()
	if asked {
		return podman, nil
	}
	var version struct {
		Components []struct{ Name string }
	}
	if err := c.get(ctx, "/version", &version); err != nil {
		return false, err
	}
	for _, part := range version.Components {
		podman = podman || strings.HasPrefix(part.Name, "Podman")
	}
	c.mu.Lock()
	c.podman, c.asked = podman, true
	c.mu.Unlock()
	return podman, nil
}

func (c *Client) get(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://docker"+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.failure(ctx, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return container.ErrNotFound
	default:
		return fmt.Errorf("%s: GET %s: %s", c.path, path, resp.Status)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(into); err != nil {
		return fmt.Errorf("%s: GET %s: %w", c.path, path, err)
	}
	return nil
}

// failure says what a failed exchange means.
func (c *Client) failure(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", c.path, ctx.Err())
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: %w", c.path, container.ErrAbsent)
	}
	return fmt.Errorf("%s: %w", c.path, err)
}
