package hosts

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

func TestSnapshots(t *testing.T) {
	var s Snapshots
	assert.Nil(t, s.Of(nil))
	parent := &field.Process{}
	parent.Exe = "/sbin/init"
	child := &field.Process{Parent: parent}
	child.Exe = "/bin/sh"
	before := s.Of(child)
	assert.Same(t, before, s.Of(child), "nothing changed")

	parent.Exe = "/usr/sbin/nginx"
	parent.Changed()
	after := s.Of(child)
	assert.Equal(t, "/sbin/init", before.Parent.Exe)
	assert.Equal(t, "/usr/sbin/nginx", after.Parent.Exe)
	assert.Same(t, after.Parent, s.Of(parent))

	child.Exe = "/usr/bin/id"
	child.Changed()
	assert.Equal(t, []string{"/bin/sh", "/usr/bin/id"}, []string{after.Exe, s.Of(child).Exe})
	assert.Same(t, after.Parent, s.Of(child).Parent)

	child.Parent = nil // forgotten
	assert.Nil(t, s.Of(child).Parent)
}

func TestSnapshotsOfACycle(t *testing.T) {
	var s Snapshots
	p := &field.Process{}
	p.Parent = p
	n := 0
	for c := s.Of(p); c != nil; c = c.Parent {
		n++
	}
	assert.Equal(t, field.MaxAncestors+1, n)
}

// A chain of processes of any length costs one copy of each.
func TestSnapshotsOfALongChain(t *testing.T) {
	var s Snapshots
	var p *field.Process
	for range 1000 {
		p = &field.Process{Parent: p}
		s.Of(p)
	}
	assert.Len(t, s.chunks, 1000/chunk+1)
}

func TestSnapshotsAreBounded(t *testing.T) {
	var s Snapshots
	p := &field.Process{}
	for range maxChunks * chunk {
		p.Changed()
		require.NotSame(t, p, s.Of(p))
	}
	p.Changed()
	assert.Same(t, p, s.Of(p))
	assert.Len(t, s.chunks, maxChunks)
}

// What is kept for the next batch is bounded, and holds on to nothing.
func TestSnapshotsReset(t *testing.T) {
	var s Snapshots
	for round := range 2 {
		var first *field.Process
		for i := range 3 * keptChunks * chunk {
			p := &field.Process{}
			p.Exe = strconv.Itoa(i)
			if c := s.Of(p); i == 0 {
				first = c
			}
		}
		require.Len(t, s.chunks, 3*keptChunks, "round %d", round)
		assert.Equal(t, "0", first.Exe)
		s.Reset()
		assert.Empty(t, first.Exe)
		assert.Len(t, s.chunks, keptChunks)
		assert.Empty(t, s.copies)
	}
}

func TestSnapshotsOfTheSameCostNothing(t *testing.T) {
	var s Snapshots
	p := &field.Process{Parent: &field.Process{}}
	s.Of(p)
	s.Reset()
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.Of(p); s.Reset() }))
}
