package sysflow

import (
	"maps"
	"slices"
)

// Equal reports whether p and q say the same of a process. State and TS do not count: they
// say when and why that was written.
func (p *Process) Equal(q *Process) bool {
	return p.OID == q.OID && equalOID(p.POID, q.POID) && p.Exe == q.Exe && p.ExeArgs == q.ExeArgs &&
		p.UID == q.UID && p.UserName == q.UserName && p.GID == q.GID && p.GroupName == q.GroupName &&
		p.TTY == q.TTY && p.ContainerID == q.ContainerID && p.Entry == q.Entry && p.CWD == q.CWD &&
		slices.Equal(p.Env, q.Env) && p.Details.Equal(q.Details)
}

// Equal reports whether d and e say the same; either may be nil.
func (d *ProcessDetails) Equal(e *ProcessDetails) bool {
	if d == nil || e == nil {
		return d == e
	}
	return *d == *e
}

// Equal reports whether c and d say the same of a container.
func (c *Container) Equal(d *Container) bool {
	return c.ID == d.ID && c.Name == d.Name && c.Image == d.Image && c.ImageID == d.ImageID && c.Type == d.Type &&
		c.Privileged == d.Privileged && c.PodID == d.PodID && c.Runtime == d.Runtime && c.ImageDigest == d.ImageDigest &&
		maps.Equal(c.Labels, d.Labels) && slices.Equal(c.Mounts, d.Mounts)
}

func equalOID(a, b *OID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
