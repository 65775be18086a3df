package lineage

import (
	"reflect"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// sameProcess compares what rules can ask: not when and why it was described.
func sameProcess(a, b *sysflow.Process) bool {
	return a.OID == b.OID && sameOID(a.POID, b.POID) && a.Exe == b.Exe && a.ExeArgs == b.ExeArgs &&
		a.UID == b.UID && a.UserName == b.UserName && a.GID == b.GID && a.GroupName == b.GroupName &&
		a.TTY == b.TTY && a.ContainerID == b.ContainerID && a.Entry == b.Entry && a.CWD == b.CWD &&
		slices.Equal(a.Env, b.Env)
}

func sameOID(a, b *sysflow.OID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// surround sets container, pod and node of p and reports whether that changed something.
func surround(p *field.Process, c *sysflow.Container, pod *sysflow.Pod, node *field.Node) bool {
	if p.Container == c && p.Pod == pod && p.Node == node {
		return false
	}
	same := sameValue(p.Container, c) && (p.Pod == pod || reflect.DeepEqual(p.Pod, pod)) && sameValue(p.Node, node)
	p.Container, p.Pod, p.Node = c, pod, node
	return !same
}

func sameValue[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
