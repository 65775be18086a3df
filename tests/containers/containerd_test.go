package containers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// containerdConfig has all under one folder, the plug-in for Kubernetes, and no network.
const containerdConfig = `
version = 2
root = "%[1]s/root"
state = "%[1]s/state"
[grpc]
  address = "%[1]s/containerd.sock"
[ttrpc]
  address = "%[1]s/ttrpc.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "%[1]s/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "%[2]s"
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "%[1]s/cni/bin"
    conf_dir = "%[1]s/cni/conf"
`

// node is a containerd of the test's own, and what Kubernetes uses of it.
type node struct {
	t      *testing.T
	socket string
	calls  cri.RuntimeServiceClient
}

func startContainerd(t *testing.T) *node {
	t.Helper()
	program(t, "runc", "runc")
	dir := folder(t)
	config := filepath.Join(dir, "config.toml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, containerdConfig, dir, imageName), 0o600))
	n := &node{t: t, socket: filepath.Join(dir, "containerd.sock")}
	conn, err := grpc.NewClient("unix://"+n.socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	n.calls = cri.NewRuntimeServiceClient(conn)
	launch(t, n.ready, program(t, "containerd", "containerd"), "--config", config)
	out, err := exec.Command(program(t, "ctr", "containerd"), "--address", n.socket, "--namespace", "k8s.io",
		"images", "import", image(t)).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return n
}

func (n *node) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := n.calls.Version(ctx, &cri.VersionRequest{})
	return err
}

const podUID = "8dbc6b3c-9f4e-4c1a-8f7e-0a1b2c3d4e5f"

// runPod starts the sandbox of a pod with the labels that the kubelet gives it, and returns its id.
func (n *node) runPod() (id string, sandbox *cri.PodSandboxConfig) {
	n.t.Helper()
	sandbox = &cri.PodSandboxConfig{
		Metadata: &cri.PodSandboxMetadata{Name: "web-0", Uid: podUID, Namespace: "shop"},
		Labels: map[string]string{
			"app": "web", container.LabelPodName: "web-0", container.LabelPodNamespace: "shop", container.LabelPodUID: podUID,
		},
		LogDirectory: n.t.TempDir(),
		Linux: &cri.LinuxPodSandboxConfig{
			CgroupParent: "/kubepods/burstable/pod" + podUID,
			SecurityContext: &cri.LinuxSandboxSecurityContext{
				NamespaceOptions: &cri.NamespaceOption{Network: cri.NamespaceMode_NODE},
			},
		},
	}
	answer, err := n.calls.RunPodSandbox(n.t.Context(), &cri.RunPodSandboxRequest{Config: sandbox})
	require.NoError(n.t, err)
	id = answer.GetPodSandboxId()
	n.t.Cleanup(func() {
		ctx := context.Background()
		_, err := n.calls.StopPodSandbox(ctx, &cri.StopPodSandboxRequest{PodSandboxId: id})
		assert.NoError(n.t, err)
		_, err = n.calls.RemovePodSandbox(ctx, &cri.RemovePodSandboxRequest{PodSandboxId: id})
		assert.NoError(n.t, err)
	})
	return id, sandbox
}

// run starts a container of a pod and returns its id.
func (n *node) run(pod string, sandbox *cri.PodSandboxConfig, name string, command ...string) string {
	n.t.Helper()
	created, err := n.calls.CreateContainer(n.t.Context(), &cri.CreateContainerRequest{
		PodSandboxId: pod, SandboxConfig: sandbox,
		Config: &cri.ContainerConfig{
			Metadata: &cri.ContainerMetadata{Name: name},
			Image:    &cri.ImageSpec{Image: imageName},
			Command:  command,
			Labels: map[string]string{
				container.LabelContainerName: name, container.LabelPodName: "web-0",
				container.LabelPodNamespace: "shop", container.LabelPodUID: podUID,
			},
			Mounts:  []*cri.Mount{{ContainerPath: "/mnt", HostPath: n.t.TempDir(), Readonly: true}},
			LogPath: name + ".log",
			Linux:   &cri.LinuxContainerConfig{},
		},
	})
	require.NoError(n.t, err)
	id := created.GetContainerId()
	_, err = n.calls.StartContainer(n.t.Context(), &cri.StartContainerRequest{ContainerId: id})
	require.NoError(n.t, err)
	return id
}

func TestContainerd(t *testing.T) {
	collector.NeedCapture(t)
	n := startContainerd(t)
	o := observe(t, func(c *sysflowreceiver.Config) {
		c.Containers.Sockets = []string{"unix://" + n.socket}
		c.Containers.Wait, c.Containers.Timeout = patience, patience
	})
	pod, config := n.runPod()
	id := n.run(pod, config, "nginx", "/bin/sh", "-c", "cat /etc/passwd >/dev/null; echo in the pod")

	s := o.await(t, "the container's program", func(s *seen) bool { return s.is("in the pod") && in(short(id))(s) })
	c := s.container
	require.NotNil(t, c)
	assert.Equal(t, "nginx", c.Name)
	assert.Equal(t, imageName, c.Image)
	assert.Len(t, c.ImageID, 64)
	assert.Equal(t, sysflow.ContainerContainerd, c.Type)
	assert.False(t, c.Privileged)
	assert.Equal(t, podUID, c.PodID)
	require.NotNil(t, s.pod)
	assert.Equal(t, "web-0", s.pod.Name)
	assert.Equal(t, "shop", s.pod.Namespace)
	assert.Equal(t, map[string]string{"app": "web"}, s.pod.Labels)
	assert.Equal(t, "root", s.process.UserName)

	pause := o.await(t, "the sandbox's program", func(s *seen) bool { return s.is("1000000") && in(short(pod))(s) })
	require.NotNil(t, pause.container)
	assert.Equal(t, podUID, pause.container.PodID)
	require.NotNil(t, pause.pod)
	assert.Equal(t, "web-0", pause.pod.Name)

	o.await(t, "its child", func(s *seen) bool { return s.is("/etc/passwd") && in(short(id))(s) })
	for _, s := range o.find(in(short(id))) {
		require.NotNil(t, s.container, "%s %s of %s", s.kind, s.op, s.process.Exe)
		require.NotNil(t, s.pod)
	}
}
