package field

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// sfContainer are the attributes of container and pod.
func sfContainer() []*Def {
	g := group{SysFlow, ScopeProcess}
	return []*Def{
		g.text("sf.container.id", "id of the container", ofProcess(func(p *Process) string { return p.ContainerID })),
		g.text("sf.container.name", "name of the container", ofContainer(func(c *sysflow.Container) string { return c.Name })),
		g.text("sf.container.image", "image of the container", ofContainer(func(c *sysflow.Container) string { return c.Image })),
		g.text("sf.container.imageid", "id of the image", ofContainer(func(c *sysflow.Container) string { return c.ImageID })),
		g.text("sf.container.image.id", "id of the image", ofContainer(func(c *sysflow.Container) string { return c.ImageID })),
		g.text("sf.container.type", "type of the container, `host` on the host", sfContainerType).closed(sfContainerTypes()...),
		g.truth("sf.container.privileged", "whether the container is privileged", func(r *Record) (is, known bool) {
			c := r.container()
			return c != nil && c.Privileged, c != nil
		}),
		g.text("sf.container.runtime", "runtime of the container, where sf.container.type has no name for it (podman)", ofContainer(func(c *sysflow.Container) string { return c.Runtime })),
		g.text("sf.container.image.digest", "digest of the image in its registry", ofContainer(func(c *sysflow.Container) string { return c.ImageDigest })),
		g.built("sf.container.labels", "labels of the container, as JSON: an object", func(b []byte, r *Record) []byte {
			if c := r.container(); c != nil && len(c.Labels) > 0 {
				return appendObject(b, c.Labels)
			}
			return b
		}).structured(),
		g.built("sf.container.mounts", "mounts of the container, as JSON: a list of source, destination, mode, rw and propagation", func(b []byte, r *Record) []byte {
			if c := r.container(); c != nil && len(c.Mounts) > 0 {
				return appendMounts(b, c.Mounts)
			}
			return b
		}).structured(),
		g.number("sf.pod.ts", "when the pod was seen, in ns since the epoch", numberOfPod(func(p *sysflow.Pod) int64 { return p.TS })),
		g.text("sf.pod.id", "id of the pod", ofPod(func(p *sysflow.Pod) string { return p.ID })),
		g.text("sf.pod.name", "name of the pod", ofPod(func(p *sysflow.Pod) string { return p.Name })),
		g.text("sf.pod.nodename", "node of the pod", ofPod(func(p *sysflow.Pod) string { return p.NodeName })),
		g.text("sf.pod.namespace", "namespace of the pod", ofPod(func(p *sysflow.Pod) string { return p.Namespace })),
		g.number("sf.pod.restartcnt", "how often the pod was restarted", numberOfPod(func(p *sysflow.Pod) int64 { return p.RestartCount })),
		g.podAddresses("sf.pod.hostip", "addresses of the pod's node", func(p *sysflow.Pod) []int64 { return p.HostIP }),
		g.podAddresses("sf.pod.internalip", "addresses of the pod", func(p *sysflow.Pod) []int64 { return p.InternalIP }),
		g.built("sf.pod.services", "services that select the pod, as JSON: a list of id, name, namespace, clusterip (a list) and ports (a list of port, targetport, nodeport, proto)", func(b []byte, r *Record) []byte {
			if pod := r.pod(); pod != nil && len(pod.Services) > 0 {
				return appendServices(b, pod.Services)
			}
			return b
		}).structured(),
	}
}

// container is nil on the host and where only its id is known.
func (r *Record) container() *sysflow.Container {
	if r.Process == nil {
		return nil
	}
	return r.Process.Container
}

func (r *Record) pod() *sysflow.Pod {
	if r.Process == nil {
		return nil
	}
	return r.Process.Pod
}

func ofContainer(get func(*sysflow.Container) string) func(*Record) string {
	return func(r *Record) string {
		if c := r.container(); c != nil {
			return get(c)
		}
		return ""
	}
}

func ofPod(get func(*sysflow.Pod) string) func(*Record) string {
	return func(r *Record) string {
		if p := r.pod(); p != nil {
			return get(p)
		}
		return ""
	}
}

func numberOfPod(get func(*sysflow.Pod) int64) func(*Record) (int64, bool) {
	return func(r *Record) (int64, bool) {
		p := r.pod()
		if p == nil {
			return 0, false
		}
		return get(p), true
	}
}

// sfContainerType is "host" on the host, as the documentation of SysFlow policies has it
// (`sf.container.type = host`); sf-processor leaves it empty there.
func sfContainerType(r *Record) string {
	if c := r.container(); c != nil {
		if !c.Type.Valid() {
			return ""
		}
		return strings.TrimPrefix(c.Type.String(), "CT_")
	}
	if r.Process != nil && r.Process.ContainerID == "" {
		return host
	}
	return ""
}

func sfContainerTypes() []string {
	var list []string
	for t := sysflow.ContainerType(0); t.Valid(); t++ {
		list = append(list, strings.TrimPrefix(t.String(), "CT_"))
	}
	return append(list, host)
}
