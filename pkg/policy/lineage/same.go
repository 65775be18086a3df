package lineage

import (
	"reflect"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// surround sets container, pod and node of p and reports whether that changed something.
func surround(p *field.Process, c *sysflow.Container, pod *sysflow.Pod, node *field.Node) bool {
	if p.Container == c && p.Pod == pod && p.Node == node {
		return false
	}
	same := (p.Container == c || p.Container != nil && c != nil && p.Container.Equal(c)) && sameValue(p.Node, node) &&
		(p.Pod == pod || reflect.DeepEqual(p.Pod, pod))
	p.Container, p.Pod, p.Node = c, pod, node
	return !same
}

func sameValue[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
