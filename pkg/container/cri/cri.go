// Package cri asks container runtimes by the Container Runtime Interface, which containerd and CRI-O
// offer to Kubernetes on a unix socket.
package cri

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	// maxAnswer bounds the size of an answer, in bytes.
	maxAnswer = 16 << 20
	// reconnectAfter is how long a runtime that was gone is left alone at most.
	reconnectAfter = 2 * time.Second
	// maxImages and maxPods are of how many it is remembered at least what they are.
	maxImages = 256
	maxPods   = 256
)

// Client implements container.Client.
type Client struct {
	path   string
	conn   *grpc.ClientConn
	calls  runtime.RuntimeServiceClient
	images runtime.ImageServiceClient

	mu          sync.Mutex
	runtimeName string
	knownImages *recent.Map[string, *runtime.Image]
	knownPods   *recent.Map[string, *sysflow.Pod]
}

// New returns a client of the runtime at a unix socket, which is connected to when it is needed.
func New(path string) (*Client, error) {
	conn, err := grpc.NewClient("unix://"+path,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
		grpc.WithNoProxy(),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: reconnectAfter / 8, Multiplier: 2, MaxDelay: reconnectAfter},
			MinConnectTimeout: reconnectAfter,
		}))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Client{
		path:        path,
		conn:        conn,
		calls:       runtime.NewRuntimeServiceClient(conn),
		images:      runtime.NewImageServiceClient(conn),
		knownImages: recent.New[string, *runtime.Image](maxImages),
		knownPods:   recent.New[string, *sysflow.Pod](maxPods),
	}, nil
}

// String implements container.Client.
func (c *Client) String() string { return c.path }

// Close implements container.Client.
func (c *Client) Close() error { return c.conn.Close() }

// Inspect implements container.Client.
func (c *Client) Inspect(ctx context.Context, id cgroup.Identity) (container.Info, error) {
	if _, err := os.Stat(c.path); errors.Is(err, os.ErrNotExist) {
		return container.Info{}, fmt.Errorf("%s: %w", c.path, container.ErrAbsent)
	}
	kind, err := c.kind(ctx)
	if err != nil {
		return container.Info{}, err
	}
	answer, err := c.calls.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id.FullID, Verbose: true})
	if status.Code(err) == codes.NotFound {
		return c.inspectSandbox(ctx, id, kind)
	}
	if err != nil {
		return container.Info{}, c.failure(err)
	}
	if got := answer.GetStatus().GetId(); got != id.FullID {
		return container.Info{}, fmt.Errorf("%s: asked for container %s, got %q", c.path, id.FullID, got)
	}
	details := parseDetails(answer.GetInfo())
	ctr := describe(id, kind, answer.GetStatus(), details, c.image(ctx, answer.GetStatus()))
	pod, err := c.podOf(ctx, id, answer.GetStatus(), details)
	if err != nil {
		return container.Info{}, err
	}
	if pod != nil {
		ctr.PodID = pod.ID
	}
	return container.Info{Container: ctr, Pod: pod}, nil
}

// inspectSandbox describes the container that only holds the namespaces of a pod.
func (c *Client) inspectSandbox(ctx context.Context, id cgroup.Identity, kind sysflow.ContainerType) (container.Info, error) {
	answer, err := c.calls.PodSandboxStatus(ctx, &runtime.PodSandboxStatusRequest{PodSandboxId: id.FullID, Verbose: true})
	if err != nil {
		return container.Info{}, c.failure(err)
	}
	if got := answer.GetStatus().GetId(); got != id.FullID {
		return container.Info{}, fmt.Errorf("%s: asked for pod sandbox %s, got %q", c.path, id.FullID, got)
	}
	pod := describePod(answer.GetStatus())
	return container.Info{Container: describeSandbox(id, kind, answer.GetStatus(), parseDetails(answer.GetInfo()), pod), Pod: pod}, nil
}

// podOf describes the pod of a container. What only the sandbox tells is left out when the sandbox
// is gone.
func (c *Client) podOf(ctx context.Context, id cgroup.Identity, st *runtime.ContainerStatus, d details) (*sysflow.Pod, error) {
	sandbox := d.SandboxID
	if sandbox == "" {
		list, err := c.calls.ListContainers(ctx, &runtime.ListContainersRequest{Filter: &runtime.ContainerFilter{Id: id.FullID}})
		if err != nil {
			return nil, c.failure(err)
		}
		for _, ctr := range list.GetContainers() {
			if ctr.GetId() == id.FullID {
				sandbox = ctr.GetPodSandboxId()
			}
		}
	}
	c.mu.Lock()
	pod, known := c.knownPods.Get(sandbox)
	c.mu.Unlock()
	if known {
		return pod, nil
	}
	answer, err := c.calls.PodSandboxStatus(ctx, &runtime.PodSandboxStatusRequest{PodSandboxId: sandbox})
	if status.Code(err) == codes.NotFound || sandbox == "" {
		return container.PodFromLabels(st.GetLabels()), nil
	}
	if err != nil {
		return nil, c.failure(err)
	}
	pod = describePod(answer.GetStatus())
	c.mu.Lock()
	c.knownPods.Put(sandbox, pod)
	c.mu.Unlock()
	return pod, nil
}

// image describes the image of a container, nil when it is gone.
func (c *Client) image(ctx context.Context, st *runtime.ContainerStatus) *runtime.Image {
	ref := st.GetImageId()
	if ref == "" {
		ref = st.GetImageRef()
	}
	if ref == "" {
		return nil
	}
	c.mu.Lock()
	img, known := c.knownImages.Get(ref)
	c.mu.Unlock()
	if known {
		return img
	}
	answer, err := c.images.ImageStatus(ctx, &runtime.ImageStatusRequest{Image: &runtime.ImageSpec{Image: ref}})
	if err != nil || answer.GetImage() == nil {
		return nil
	}
	c.mu.Lock()
	c.knownImages.Put(ref, answer.GetImage())
	c.mu.Unlock()
	return answer.GetImage()
}

// kind tells which runtime answers.
func (c *Client) kind(ctx context.Context) (sysflow.ContainerType, error) {
	c.mu.Lock()
	name := c.runtimeName
	c.mu.Unlock()
	if name == "" {
		answer, err := c.calls.Version(ctx, &runtime.VersionRequest{})
		if err != nil {
			return 0, c.failure(err)
		}
		name = answer.GetRuntimeName()
		c.mu.Lock()
		c.runtimeName = name
		c.mu.Unlock()
	}
	switch name {
	case "containerd":
		return sysflow.ContainerContainerd, nil
	case "cri-o":
		return sysflow.ContainerCRIO, nil
	}
	return sysflow.ContainerCRI, nil
}

// failure says what a failed call means.
func (c *Client) failure(err error) error {
	switch status.Code(err) {
	case codes.NotFound:
		return container.ErrNotFound
	case codes.Unimplemented:
		// containerd without the plug-in for Kubernetes, as Docker runs it
		return fmt.Errorf("%s: %w", c.path, container.ErrAbsent)
	case codes.DeadlineExceeded:
		return fmt.Errorf("%s: %w", c.path, context.DeadlineExceeded)
	}
	return fmt.Errorf("%s: %w", c.path, err)
}
