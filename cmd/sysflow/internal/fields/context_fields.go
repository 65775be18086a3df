package fields

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

func containerFields() []Field {
	return scoped([]Field{
		{Name: "container.id", Title: "Cont ID", Width: 12, Help: "container id, empty on the host", Get: containerID},
		{Name: "container.name", Title: "Cont Name", Width: 12, Help: "container name", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.Name) })},
		{Name: "container.imageid", Title: "Image ID", Width: 12, Help: "id of the container's image", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.ImageID) })},
		{Name: "container.image", Title: "Image Name", Width: 12, Help: "name of the container's image", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.Image) })},
		{Name: "container.type", Title: "Cont Type", Width: 13, Help: "container runtime: CT_DOCKER, CT_CRI, ...", Get: ofContainer(func(c *sysflow.Container) Value { return stringValue(c.Type.String()) })},
		{Name: "container.privileged", Title: "Privileged", Width: 10, Help: "whether the container is privileged", Get: ofContainer(func(c *sysflow.Container) Value { return boolValue(c.Privileged) })},
	})
}

// containerID is known also of a container that nothing describes.
func containerID(r *Row) Value {
	if r.Process == nil || r.Process.ContainerID == "" {
		return Value{Kind: Empty}
	}
	return stringValue(r.Process.ContainerID)
}

func ofContainer(get func(*sysflow.Container) Value) func(*Row) Value {
	return func(r *Row) Value {
		if r.Container == nil {
			return Value{Kind: Empty}
		}
		return get(r.Container)
	}
}

func nodeFields() []Field {
	return scoped([]Field{
		{Name: "node.id", Title: "Node ID", Width: 12, Help: "host that was observed (the exporter of the header)", Get: ofHeader(func(h *sysflow.Header) Value { return stringValue(h.Exporter) })},
		{Name: "node.ip", Title: "Node IP", Width: 16, Help: "address of the host", Get: ofHeader(func(h *sysflow.Header) Value { return stringValue(h.IP) })},
		{Name: "filename", Title: "File name", Width: 15, Help: "name of the trace file when it was recorded", Get: ofHeader(func(h *sysflow.Header) Value { return stringValue(h.Filename) })},
		{Name: "schema", Title: "SF Schema", Width: 9, Help: "version of the trace's SysFlow schema", Get: ofHeader(func(h *sysflow.Header) Value { return intValue(h.Version) })},
		{Name: "tags", Title: "Tags", Width: 10, Help: "tags of rules that matched (none in a trace)", Get: getTags},
	})
}

func ofHeader(get func(*sysflow.Header) Value) func(*Row) Value {
	return func(r *Row) Value {
		if r.Header == nil {
			return Value{Kind: Empty}
		}
		return get(r.Header)
	}
}

// getTags: sysprint always has an empty list, since it evaluates no rules.
func getTags(r *Row) Value {
	r.scratch = append(r.scratch[:0], "[]"...)
	return Value{Kind: JSON, Raw: r.scratch}
}

func k8sFields() []Field {
	return []Field{
		{Name: "k8s.action", Title: "K8s EV Action", Width: 25, Help: "Kubernetes event: what happened", Kinds: onlyKE, Missing: Empty, Get: ofK8s(func(e *sysflow.K8sEvent) Value { return stringValue(e.Action.String()) })},
		{Name: "k8s.kind", Title: "K8s EV Comp Type", Width: 26, Help: "Kubernetes event: kind of object", Kinds: onlyKE, Missing: Empty, Get: ofK8s(func(e *sysflow.K8sEvent) Value { return stringValue(e.ComponentKind.String()) })},
		{Name: "k8s.msg", Title: "K8s EV Msg", Width: 100, Help: "Kubernetes event: message", Kinds: onlyKE, Missing: Empty, Get: ofK8s(func(e *sysflow.K8sEvent) Value { return stringValue(e.Message) })},
	}
}

func ofK8s(get func(*sysflow.K8sEvent) Value) func(*Row) Value {
	return func(r *Row) Value { return get(r.Event.(*sysflow.K8sEvent)) } // Kinds sees to it
}
