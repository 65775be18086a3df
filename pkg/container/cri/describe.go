package cri

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// details is what matters of what runtimes tell beyond the interface, in a form that containerd and
// CRI-O share as far as it goes.
type details struct {
	SandboxID  string `json:"sandboxID"`
	Image      string `json:"image"`
	Privileged bool   `json:"privileged"` // CRI-O
	Config     struct {
		Linux struct {
			SecurityContext struct {
				Privileged bool `json:"privileged"`
			} `json:"security_context"`
		} `json:"linux"`
	} `json:"config"` // containerd
}

func (d *details) privileged() bool {
	return d.Privileged || d.Config.Linux.SecurityContext.Privileged
}

// parseDetails takes the answer to a verbose question; what is not as expected is taken for absent.
func parseDetails(info map[string]string) details {
	var d details
	if err := json.Unmarshal([]byte(info["info"]), &d); err != nil {
		return details{}
	}
	return d
}

// describe describes a container; img may be nil.
func describe(id cgroup.Identity, kind sysflow.ContainerType, st *runtime.ContainerStatus, d details, img *runtime.Image) *sysflow.Container {
	ctr := &sysflow.Container{
		ID:         id.ID,
		Name:       st.GetMetadata().GetName(),
		Type:       kind,
		Privileged: d.privileged(),
		Labels:     st.GetLabels(),
		Image:      imageName(st, img),
	}
	ref := st.GetImageRef()
	switch {
	case img.GetId() != "":
		ctr.ImageID = container.ImageID(img.GetId())
	case st.GetImageId() != "":
		ctr.ImageID = container.ImageID(st.GetImageId())
	case container.IsImageID(ref):
		ctr.ImageID = container.ImageID(ref)
	}
	ctr.ImageDigest = container.Digest(append([]string{ref}, img.GetRepoDigests()...), ctr.Image)
	for _, m := range st.GetMounts() {
		ctr.Mounts = append(ctr.Mounts, describeMount(m))
	}
	slices.SortFunc(ctr.Mounts, func(a, b sysflow.Mount) int { return strings.Compare(a.Destination, b.Destination) })
	return ctr
}

// imageName prefers the name that the user gave.
func imageName(st *runtime.ContainerStatus, img *runtime.Image) string {
	for _, name := range []string{st.GetImage().GetUserSpecifiedImage(), st.GetImage().GetImage()} {
		if name != "" && !container.IsImageID(name) {
			return container.ImageName(name)
		}
	}
	if tags := img.GetRepoTags(); len(tags) > 0 {
		return tags[0]
	}
	return st.GetImage().GetImage()
}

func describeMount(m *runtime.Mount) sysflow.Mount {
	out := sysflow.Mount{Source: m.GetHostPath(), Destination: m.GetContainerPath(), RW: !m.GetReadonly()}
	if m.GetReadonly() {
		out.Mode = "ro"
	}
	switch m.GetPropagation() {
	case runtime.MountPropagation_PROPAGATION_HOST_TO_CONTAINER:
		out.Propagation = "rslave"
	case runtime.MountPropagation_PROPAGATION_BIDIRECTIONAL:
		out.Propagation = "rshared"
	default:
		out.Propagation = "rprivate"
	}
	return out
}

// describeSandbox describes the container of a pod's sandbox, which has no name of its own.
func describeSandbox(
	id cgroup.Identity, kind sysflow.ContainerType, st *runtime.PodSandboxStatus, d details, pod *sysflow.Pod,
) *sysflow.Container {
	return &sysflow.Container{
		ID:         id.ID,
		Name:       st.GetMetadata().GetName(),
		Image:      container.ImageName(d.Image),
		Type:       kind,
		Privileged: d.privileged(),
		Labels:     st.GetLabels(),
		PodID:      pod.ID,
	}
}

func describePod(st *runtime.PodSandboxStatus) *sysflow.Pod {
	pod := &sysflow.Pod{
		TS:        st.GetCreatedAt(),
		ID:        st.GetMetadata().GetUid(),
		Name:      st.GetMetadata().GetName(),
		Namespace: st.GetMetadata().GetNamespace(),
		Labels:    container.PodLabels(st.GetLabels()),
	}
	addresses := []string{st.GetNetwork().GetIp()}
	for _, ip := range st.GetNetwork().GetAdditionalIps() {
		addresses = append(addresses, ip.GetIp())
	}
	for _, text := range addresses {
		// records have no room for IPv6
		addr, err := netip.ParseAddr(text)
		if err != nil {
			continue
		}
		if v, ok := sysflow.IPv4ToInt32(addr); ok {
			pod.InternalIP = append(pod.InternalIP, int64(uint32(v)))
		}
	}
	return pod
}
