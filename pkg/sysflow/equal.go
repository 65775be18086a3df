package sysflow

import "slices"

// Equal reports whether p and q say the same of a process. State and TS do not count: they
// say when and why that was written.
func (p *Process) Equal(q *Process) bool {
	return p.OID == q.OID && equalOID(p.POID, q.POID) && p.Exe == q.Exe && p.ExeArgs == q.ExeArgs &&
		p.UID == q.UID && p.UserName == q.UserName && p.GID == q.GID && p.GroupName == q.GroupName &&
		p.TTY == q.TTY && p.ContainerID == q.ContainerID && p.Entry == q.Entry && p.CWD == q.CWD &&
		slices.Equal(p.Env, q.Env)
}

func equalOID(a, b *OID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
