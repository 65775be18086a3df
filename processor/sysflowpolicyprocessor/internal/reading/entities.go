package reading

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// HasPod reports whether the resource says more of a pod than its id.
func (s *Resource) HasPod() bool { return s.Pod.Name != "" || s.labels > 0 }

// SamePod reports whether the resource says of its pod what p says.
func (s *Resource) SamePod(p *sysflow.Pod) bool {
	if p.Name != s.Pod.Name || p.Namespace != s.Pod.Namespace || p.NodeName != s.Pod.NodeName || len(p.Labels) != s.labels {
		return false
	}
	for k, v := range s.attrs.All() {
		if key, ok := strings.CutPrefix(k, plogs.KeyPodLabelPrefix); ok {
			if known, has := p.Labels[key]; !has || known != v.Str() {
				return false
			}
		}
	}
	return true
}

// NewPod returns what the resource says of its pod, with the details of the one known so
// far, which may be nil.
func (s *Resource) NewPod(known *sysflow.Pod) *sysflow.Pod {
	var p sysflow.Pod
	if known != nil {
		p = *known
	}
	p.ID, p.Name, p.Namespace, p.NodeName = s.Pod.ID, s.Pod.Name, s.Pod.Namespace, s.Pod.NodeName
	p.Labels = nil
	if s.labels > 0 {
		p.Labels = make(map[string]string, s.labels)
	}
	for k, v := range s.attrs.All() {
		if key, ok := strings.CutPrefix(k, plogs.KeyPodLabelPrefix); ok {
			p.Labels[key] = v.Str()
		}
	}
	return &p
}

// SameContainer reports whether the resource says of its container what c says.
func (s *Resource) SameContainer(c *sysflow.Container) bool {
	image := c.Image
	if s.tag != "" {
		rest, ok := strings.CutSuffix(image, s.tag)
		if !ok || !strings.HasSuffix(rest, ":") {
			return false
		}
		image = rest[:len(rest)-1]
	}
	known := *c
	known.Image, known.Labels = "", nil
	return image == s.image && known.Equal(&s.Container) && s.sameContainerLabels(c)
}

func (s *Resource) sameContainerLabels(c *sysflow.Container) bool {
	if len(c.Labels) != s.containerLabels {
		return false
	}
	if s.containerLabels == 0 {
		return true
	}
	for k, v := range s.attrs.All() {
		if key, ok := strings.CutPrefix(k, plogs.KeyLabelPrefix); ok {
			if known, has := c.Labels[key]; !has || known != v.Str() {
				return false
			}
		}
	}
	return true
}

// NewContainer returns what the resource says of its container, to be kept.
func (s *Resource) NewContainer() *sysflow.Container {
	c := s.Container
	c.Image = s.image
	if s.tag != "" {
		c.Image += ":" + s.tag
	}
	c.Mounts = append([]sysflow.Mount(nil), s.mounts...)
	if s.containerLabels > 0 {
		c.Labels = make(map[string]string, s.containerLabels)
		for k, v := range s.attrs.All() {
			if key, ok := strings.CutPrefix(k, plogs.KeyLabelPrefix); ok {
				c.Labels[key] = v.Str()
			}
		}
	}
	return &c
}

// NewProcess returns what the resource says of its process, to be kept. It shares memory
// with what was known so far, which may be nil.
func (s *Resource) NewProcess(known *sysflow.Process) sysflow.Process {
	p := s.Process
	if known == nil {
		known = &sysflow.Process{}
	}
	if p.Env = known.Env; !slices.Equal(s.env, known.Env) {
		p.Env = append([]string(nil), s.env...)
	}
	switch {
	case p.POID == nil:
	case known.POID != nil && *known.POID == *p.POID:
		p.POID = known.POID
	default:
		parent := *p.POID
		p.POID = &parent
	}
	if p.Details != nil {
		if p.Details.Equal(known.Details) {
			p.Details = known.Details
		} else {
			details := s.details
			p.Details = &details
		}
	}
	return p
}
