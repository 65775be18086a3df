package lineage

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// proc describes a process; parent 0 is none.
func proc(pid, parent int64, exe string) sysflow.Process {
	p := sysflow.Process{OID: sysflow.OID{HPID: pid, CreateTS: pid}, Exe: exe}
	if parent != 0 {
		p.POID = &sysflow.OID{HPID: parent, CreateTS: parent}
	}
	return p
}

func put(t *Table, p sysflow.Process) *field.Process { return t.Put(p, nil, nil, nil) }

func TestProcessStaysTheSameObject(t *testing.T) {
	table := NewTable(0)
	p := put(table, proc(2, 1, "/bin/a"))
	before := p.LineageVersion()
	assert.Same(t, p, put(table, proc(2, 1, "/bin/a")))
	assert.Equal(t, before, p.LineageVersion(), "nothing has changed")

	assert.Same(t, p, put(table, proc(2, 1, "/bin/b")))
	assert.NotEqual(t, before, p.LineageVersion())
	assert.Equal(t, "/bin/b", p.Exe)
	assert.Same(t, p, table.Get(p.OID))
	assert.Nil(t, table.Get(sysflow.OID{HPID: 9}))
	assert.Equal(t, 1, table.Len())
}

func TestParentMayComeLater(t *testing.T) {
	table := NewTable(0)
	first, second := put(table, proc(3, 2, "/bin/c")), put(table, proc(4, 2, "/bin/d"))
	before := first.LineageVersion()
	parent := put(table, proc(2, 1, "/bin/b"))
	assert.Same(t, parent, first.Parent)
	assert.Same(t, parent, second.Parent)
	assert.NotEqual(t, before, first.LineageVersion())

	before = first.LineageVersion()
	grandparent := put(table, proc(1, 0, "/sbin/init"))
	assert.Same(t, grandparent, parent.Parent)
	assert.NotEqual(t, before, first.LineageVersion(), "a change of an ancestor is one of the lineage")
	assert.Empty(t, table.orphans)
}

func TestParentMayChange(t *testing.T) {
	table := NewTable(0)
	one, two := put(table, proc(1, 0, "/one")), put(table, proc(2, 0, "/two"))
	child := put(table, proc(3, 1, "/child"))
	require.Same(t, one, child.Parent)
	before := child.LineageVersion()
	put(table, proc(3, 2, "/child"))
	assert.Same(t, two, child.Parent)
	assert.NotEqual(t, before, child.LineageVersion())

	put(table, proc(3, 7, "/child"))
	assert.Nil(t, child.Parent)
	put(table, proc(3, 0, "/child"))
	assert.Nil(t, child.Parent)
	assert.Empty(t, table.orphans, "it does not wait any more")
	put(table, proc(3, 3, "/child"))
	assert.Nil(t, child.Parent, "nobody is its own parent")
}

func TestAncestorsOfUsedProcessesAreNotForgotten(t *testing.T) {
	const limit = 8
	table := NewTable(limit)
	root, parent := put(table, proc(1, 0, "/1")), put(table, proc(2, 1, "/2"))
	child := put(table, proc(3, 2, "/3"))
	for pid := range int64(1000) {
		put(table, proc(pid+100, 0, "/other"))
		require.Same(t, child, table.Get(child.OID))
		require.LessOrEqual(t, table.Len(), 2*limit+3)
	}
	assert.Same(t, parent, table.Get(parent.OID))
	assert.Same(t, root, table.Get(root.OID))
	assert.InDelta(t, 1000-limit, table.Evicted(), 2*limit)
}

func TestOrphansOfNobodyAreForgotten(t *testing.T) {
	table := NewTable(16)
	for pid := range int64(100_000) {
		put(table, proc(pid+10, 5, "/child of a process that never comes"))
		put(table, proc(pid+1_000_000, pid+2_000_000, "/child of as many"))
	}
	assert.LessOrEqual(t, len(table.orphans), 64)
	assert.LessOrEqual(t, cap(table.orphans[sysflow.OID{HPID: 5, CreateTS: 5}]), 256)
}

func TestCyclesEnd(t *testing.T) {
	table := NewTable(4)
	a := put(table, proc(1, 2, "/a"))
	b := put(table, proc(2, 1, "/b"))
	assert.Same(t, b, a.Parent)
	assert.Same(t, a, b.Parent)
	assert.NotZero(t, a.LineageVersion())
	for pid := range int64(100) {
		put(table, proc(pid+10, 1, "/child"))
	}
}

func TestSurroundings(t *testing.T) {
	table := NewTable(0)
	c := &sysflow.Container{ID: "c", Image: "nginx:1"}
	pod := &sysflow.Pod{ID: "p", Labels: map[string]string{"a": "b"}}
	node := &field.Node{Name: "n"}
	p := table.Put(proc(1, 0, "/a"), c, pod, node)
	before := p.Version

	equal, equalPod, equalNode := *c, *pod, *node
	table.Put(proc(1, 0, "/a"), &equal, &equalPod, &equalNode)
	assert.Equal(t, before, p.Version, "other objects, the same values")

	table.Put(proc(1, 0, "/a"), nil, pod, node)
	assert.Greater(t, p.Version, before)
	assert.Nil(t, p.Container)
}
