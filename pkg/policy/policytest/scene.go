package policytest

import (
	"maps"
	"net/netip"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// scene is what a case describes, as written.
type scene struct {
	node       *sysflow.Header
	pods       []podSpec
	containers []containerSpec
	processes  []*processSpec
	records    []recordSpec
}

type podSpec struct {
	name string
	sysflow.Pod
}

type containerSpec struct {
	at   *yaml.Node
	name string
	pod  *yaml.Node
	sysflow.Container
}

// processSpec is a process; what is nil is taken from the parent or made up.
type processSpec struct {
	at              *yaml.Node
	name            string
	parent          *yaml.Node
	container       *yaml.Node
	exe             *string
	args            string
	user, group     *string
	uid, gid        *int32
	tty, entry      bool
	cwd             *string
	env             []string
	details         detailsSpec
	pid             *int64
	created         *time.Duration
	record          *sysflow.Process
	resolving, done bool
}

func (d *decoder) node(n *yaml.Node) (*sysflow.Header, bool) {
	h := &sysflow.Header{}
	d.object(n, "a node", map[string]setter{"name": into(&h.Exporter, d.text), "ip": into(&h.IP, d.text)})
	return h, true
}

func (d *decoder) pod(key, n *yaml.Node) podSpec {
	p := podSpec{name: key.Value, Pod: sysflow.Pod{ID: key.Value, Name: key.Value}}
	d.object(n, "a pod", map[string]setter{
		"id":          into(&p.ID, d.text),
		"name":        into(&p.Name, d.text),
		"namespace":   into(&p.Namespace, d.text),
		"node":        into(&p.NodeName, d.text),
		"labels":      into(&p.Labels, d.labels),
		"host_ip":     into(&p.HostIP, d.podAddrs),
		"internal_ip": into(&p.InternalIP, d.podAddrs),
		"restarts":    into(&p.RestartCount, number[int64](d, 64)),
	})
	return p
}

// podAddrs reads IPv4 addresses, which is all that a pod record can hold.
func (d *decoder) podAddrs(n *yaml.Node) ([]int64, bool) {
	texts, _ := d.texts(n)
	var out []int64
	for _, text := range texts {
		addr, err := netip.ParseAddr(text)
		v, ok := sysflow.IPv4ToInt32(addr)
		if err != nil || !ok {
			d.add(n, "", "%q is no IPv4 address", text)
			return nil, false
		}
		out = append(out, int64(uint32(v)))
	}
	return out, true
}

func (d *decoder) labels(n *yaml.Node) (map[string]string, bool) {
	out := make(map[string]string)
	d.names("labels", func(key, value *yaml.Node) {
		if s, ok := d.text(value); ok {
			out[key.Value] = s
		}
	})(n)
	return out, true
}

func (d *decoder) container(key, n *yaml.Node) containerSpec {
	c := containerSpec{at: key, name: key.Value, Container: sysflow.Container{ID: key.Value, Name: key.Value}}
	d.object(n, "a container", map[string]setter{
		"id":         into(&c.ID, d.text),
		"name":       into(&c.Name, d.text),
		"image":      into(&c.Image, d.text),
		"image_id":   into(&c.ImageID, d.text),
		"type":       into(&c.Type, d.containerType),
		"privileged": into(&c.Privileged, d.boolean),
		"runtime":    into(&c.Runtime, d.text),
		"digest":     into(&c.ImageDigest, d.text),
		"labels":     into(&c.Labels, d.labels),
		"mounts":     d.list("mounts", func(n *yaml.Node) { c.Mounts = append(c.Mounts, d.mount(n)) }),
		"pod":        func(n *yaml.Node) { c.pod = n },
	})
	return c
}

func (d *decoder) containerType(n *yaml.Node) (sysflow.ContainerType, bool) {
	name := strings.ToUpper(n.Value)
	t, ok := sysflow.ParseContainerType("CT_" + strings.TrimPrefix(name, "CT_"))
	if !ok {
		d.add(n, "docker, containerd, crio, cri, lxc, libvirt_lxc, mesos, rkt, bpm and custom are", "%q is no type of containers", n.Value)
	}
	return t, ok
}

func (d *decoder) process(key, n *yaml.Node) *processSpec {
	p := &processSpec{at: key, name: key.Value}
	keys := map[string]setter{
		"parent":    func(n *yaml.Node) { p.parent = n },
		"exe":       given(&p.exe, d.text),
		"args":      into(&p.args, d.words),
		"user":      given(&p.user, d.text),
		"uid":       given(&p.uid, number[int32](d, 32)),
		"group":     given(&p.group, d.text),
		"gid":       given(&p.gid, number[int32](d, 32)),
		"container": func(n *yaml.Node) { p.container = n },
		"tty":       into(&p.tty, d.boolean),
		"entry":     into(&p.entry, d.boolean),
		"cwd":       given(&p.cwd, d.text),
		"env":       into(&p.env, d.texts),
		"pid":       given(&p.pid, number[int64](d, 64)),
		"created":   given(&p.created, d.duration),
	}
	maps.Copy(keys, p.details.keys(d))
	d.object(n, "a process", keys)
	return p
}
