package field

import (
	"maps"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const host = "host"

// falcoContainer are the fields of the container plugin (falcosecurity/plugins,
// plugins/container/src/caps/extract/extract.cpp).
func falcoContainer() []*Def {
	g, record := group{Falco, ScopeProcess}, group{Falco, ScopeRecord}
	image := func(part func(string) string) func(*Record) string {
		return ofContainer(func(c *sysflow.Container) string {
			if c.Image == unknownImage {
				return ""
			}
			return part(c.Image)
		})
	}
	named := image(func(s string) string { _, _, digest := splitImage(s); return digest })
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
		g.text("container.image.digest", "digest of the image in its registry", func(r *Record) string {
			if c := r.container(); c != nil && c.ImageDigest != "" {
				return c.ImageDigest
			}
			return named(r)
		}).note("in records before version 6 known where the image was named by it"),
		g.number("container.start_ts", "when the container began, in ns since the epoch", numberOfProcess(containerStart)).about(noteInit),
		record.number("container.duration", "ns since the container began", func(r *Record) (int64, bool) {
			if r.Process == nil {
				return 0, false
			}
			began, ok := containerStart(r.Process)
			return r.TS - began, ok
		}).about(noteInit),
		g.keyed("container.label", "a label of the container", func(r *Record, key string) (string, bool) {
			c := r.container()
			if c == nil {
				return "", false
			}
			label, ok := c.Labels[key]
			return label, ok
		}).note(noteV6),
		g.built("container.labels", "labels of the container: `key:value, key:value`, without annotations and those that Kubernetes adds", func(b []byte, r *Record) []byte {
			if c := r.container(); c != nil {
				b = appendContainerLabels(b, c.Labels)
			}
			return b
		}).note(noteV6),
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
		noDetail = "of containers id, name, image, type, privileges, labels and mounts are recorded"
		gone     = "Falco has given it up"
	)
	return []*Def{
		g.unanswerable("container.full_id", "whole id of the container", "the short id is recorded", String),
		g.unanswerable("container.ip", "address of the container", noDetail, String),
		g.unanswerable("container.cni.json", "network of the container as JSON", noDetail, String),
		g.unanswerable("container.healthcheck", "health check of the container", gone, String),
		g.unanswerable("container.liveness_probe", "liveness probe of the container", gone, String),
		g.unanswerable("container.readiness_probe", "readiness probe of the container", gone, String),
	}
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

// containerStart is when the first process of the container began.
func containerStart(p *Process) (int64, bool) {
	if p.ContainerID == "" {
		return 0, false
	}
	return namespaceStart(p)
}

func appendContainerLabels(b []byte, labels map[string]string) []byte {
	if len(labels) == 0 {
		return b // at no cost
	}
	first := true
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if strings.HasPrefix(key, "annotation.") || strings.HasPrefix(key, "io.kubernetes.") {
			continue
		}
		if !first {
			b = append(b, ", "...)
		}
		first = false
		b = append(b, key...)
		if value := labels[key]; value != "" {
			b = append(append(b, ':'), value...)
		}
	}
	return b
}

// podman is a runtime that SysFlow's types do not have.
const podman = "podman"

func containerType(c *sysflow.Container) string {
	if c.Runtime == podman {
		return podman
	}
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
	return append(list, podman, host)
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
