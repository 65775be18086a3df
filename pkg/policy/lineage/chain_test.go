package lineage

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// depth counts the ancestors of a process.
func depth(p *field.Process) (n int) {
	for p = p.Parent; p != nil; p = p.Parent {
		n++
	}
	return n
}

// Anybody may fork without end: that must take neither memory nor more and more time. With
// a walk over the whole chain for each process this would run for many minutes.
func TestChainLongerThanTheLimit(t *testing.T) {
	const limit, length = 10_000, 100_000
	const most = 2 * (limit + 1 + field.MaxAncestors)
	table := NewTable(limit)
	for pid := int64(1); pid <= length; pid++ {
		p := put(table, proc(pid, pid-1, "/bin/fork"))
		if table.Len() > most {
			t.Fatalf("%d processes", table.Len())
		}
		if pid%10_000 == 0 {
			require.LessOrEqual(t, depth(p), most, "what is forgotten keeps its memory")
			require.GreaterOrEqual(t, depth(p), field.MaxAncestors)
		}
	}
	assert.Equal(t, int64(length-table.Len()), table.Evicted())
}

// An ancestor that is used only because of others gets the use of its own ancestors as soon
// as it is used itself.
func TestUseOfTheFarthestAncestor(t *testing.T) {
	const limit = 200
	table := NewTable(limit)
	for pid := int64(1); pid <= 150; pid++ {
		put(table, proc(pid, pid-1, "/bin/fork"))
	}
	leaf, top := table.Get(proc(150, 0, "").OID), proc(150-field.MaxAncestors, 0, "").OID
	for pid := range int64(10 * limit) {
		put(table, proc(1000+pid, 0, "/other"))
		require.Same(t, leaf, table.Get(leaf.OID))
		p := table.Get(top)
		require.NotNil(t, p)
		require.GreaterOrEqual(t, depth(p), field.MaxAncestors)
	}
	assert.Nil(t, table.Get(proc(1, 0, "").OID), "nobody looks that far up")
}

// A parent that was forgotten and is described again gets its children back.
func TestForgottenParentComesBack(t *testing.T) {
	const limit = 100
	table := NewTable(limit)
	for pid := int64(1); pid <= 90; pid++ {
		put(table, proc(pid, pid-1, "/bin/fork"))
	}
	leaf := proc(90, 0, "").OID
	for pid := range int64(3 * limit) {
		put(table, proc(1000+pid, 0, "/other"))
		require.NotNil(t, table.Get(leaf))
	}
	top := table.Get(leaf)
	for top.Parent != nil {
		top = top.Parent
	}
	require.NotNil(t, top.POID, "its parent is forgotten")
	require.Contains(t, table.orphans[*top.POID], top)
	before := top.LineageVersion()

	parent := put(table, proc(top.POID.HPID, 0, "/bin/fork"))
	assert.Same(t, parent, top.Parent)
	assert.NotEqual(t, before, top.LineageVersion())
}

// Whoever holds a forgotten process does not hold those above it.
func TestForgottenProcessIsCutOff(t *testing.T) {
	table := NewTable(8)
	put(table, proc(1, 0, "/parent"))
	child := put(table, proc(2, 1, "/child"))
	before := child.LineageVersion()
	for pid := range int64(100) {
		put(table, proc(1000+pid, 0, "/other"))
	}
	require.Nil(t, table.Get(child.OID))
	assert.Nil(t, child.Parent)
	assert.NotEqual(t, before, child.LineageVersion())
}

func BenchmarkChain(b *testing.B) {
	table := NewTable(1 << 12)
	b.ReportAllocs()
	for pid := int64(1); b.Loop(); pid++ {
		table.Put(proc(pid, pid-1, "/bin/true"), nil, nil, nil)
	}
}
