package field

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const host = "host"

// falcoContainer are the fields of the container plugin (falcosecurity/plugins,
// plugins/container/src/caps/extract/extract.cpp).
func falcoContainer() []*Def {
	g := group{Falco, ScopeProcess}
	image := func(part func(string) string) func(*Record) string {
		return ofContainer(func(c *sysflow.Container) string {
			if c.Image == unknownImage {
				return ""
			}
			return part(c.Image)
		})
	}
	return []*Def{
		g.text("container.id", "id of the container, host outside of one", ofProcess(func(p *Process) string {
			if p.ContainerID == "" {
				return host
			}
			return p.ContainerID
		})),
		g.text("container.name", "name of the container, host outside of one", hostOr(func(c *sysflow.Container) string { return c.Name })),
		g.text("container.type", "type of the container, `host` outside of one", hostOr(containerType)).closed(containerTypes()...),
		g.text("container.image", "image of the container", image(func(s string) string { return s })),
		g.text("container.image.id", "id of the image", ofContainer(func(c *sysflow.Container) string { return c.ImageID })),
		g.text("container.image.repository", "image without tag and digest", image(func(s string) string { repo, _, _ := splitImage(s); return repo })),
		g.text("container.image.tag", "tag of the image", image(func(s string) string { _, tag, _ := splitImage(s); return tag })),
		g.text("container.image.digest", "digest of the image, if it is part of its name", image(func(s string) string { _, _, digest := splitImage(s); return digest })).
			about("known only where the image was named by it"),
		g.truth("container.privileged", "whether the container is privileged", func(r *Record) (is, known bool) {
			c := r.container()
			return c != nil && c.Privileged, c != nil
		}),
	}
}

// falcoContainerUnanswerable are the fields of the container plugin that SysFlow does not record.
func falcoContainerUnanswerable() []*Def {
	g := group{Falco, ScopeProcess}
	const (
		noDetail = "of containers id, name, image, type and privileges are recorded"
		gone     = "Falco has given it up"
	)
	list := []*Def{
		g.unanswerable("container.full_id", "whole id of the container", "the short id is recorded", String),
		g.unanswerable("container.mounts", "mounts of the container", noDetail, String),
		g.unanswerable("container.mount", "one mount", noDetail, String).arg(RequiredKey),
		g.unanswerable("container.start_ts", "when the container began", noDetail, Int),
		g.unanswerable("container.duration", "ns since the container began", noDetail, Int),
		g.unanswerable("container.ip", "address of the container", noDetail, String),
		g.unanswerable("container.cni.json", "network of the container as JSON", noDetail, String),
		g.unanswerable("container.host_pid", "whether it shares the host's pid namespace", noDetail, Bool),
		g.unanswerable("container.host_network", "whether it shares the host's network", noDetail, Bool),
		g.unanswerable("container.host_ipc", "whether it shares the host's IPC namespace", noDetail, Bool),
		g.unanswerable("container.label", "a label of the container", noDetail, String).arg(RequiredKey),
		g.unanswerable("container.labels", "labels of the container", noDetail, String),
		g.unanswerable("container.healthcheck", "health check of the container", gone, String),
		g.unanswerable("container.liveness_probe", "liveness probe of the container", gone, String),
		g.unanswerable("container.readiness_probe", "readiness probe of the container", gone, String),
	}
	for _, part := range []string{"source", "dest", "mode", "rdwr", "propagation"} {
		list = append(list, g.unanswerable("container.mount."+part, part+" of a mount", noDetail, String).arg(RequiredKey))
	}
	return list
}

// unknownImage is what SysFlow's collector writes before it knows the container.
const unknownImage = "incomplete:incomplete"

func hostOr(get func(*sysflow.Container) string) func(*Record) string {
	return ofProcess(func(p *Process) string {
		switch {
		case p.ContainerID == "":
			return host
		case p.Container == nil:
			return ""
		}
		return get(p.Container)
	})
}

func containerType(c *sysflow.Container) string {
	switch c.Type {
	case sysflow.ContainerDocker:
		return "docker"
	case sysflow.ContainerLXC:
		return "lxc"
	case sysflow.ContainerLibvirtLXC:
		return "libvirt-lxc"
	case sysflow.ContainerMesos:
		return "mesos"
	case sysflow.ContainerRKT:
		return "rkt"
	case sysflow.ContainerCustom:
		return "custom"
	case sysflow.ContainerCRI:
		return "cri"
	case sysflow.ContainerContainerd:
		return "containerd"
	case sysflow.ContainerCRIO:
		return "cri-o"
	case sysflow.ContainerBPM:
		return "bpm"
	}
	return ""
}

func containerTypes() []string {
	var list []string
	for t := sysflow.ContainerType(0); t.Valid(); t++ {
		list = append(list, containerType(&sysflow.Container{Type: t}))
	}
	return append(list, host)
}

// splitImage takes the name of an image apart: registry:5000/name:tag@sha256:... . Old
// traces hold the tag twice.
func splitImage(image string) (repository, tag, digest string) {
	image, digest, _ = strings.Cut(image, "@")
	name := strings.LastIndexByte(image, '/') + 1
	colon := strings.IndexByte(image[name:], ':')
	if colon < 0 {
		return image, "", digest
	}
	repository, tag = image[:name+colon], image[name+colon+1:]
	if i := strings.LastIndexByte(tag, ':'); i >= 0 {
		tag = tag[i+1:]
	}
	return repository, tag, digest
}
