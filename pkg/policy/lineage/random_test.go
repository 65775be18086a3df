package lineage

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// Whatever comes in whatever order: parents are those that the descriptions name, and a
// parent that the table knows is linked.
func TestLinksHoldInAnyOrder(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 3))
		limit := 1 + rng.IntN(120)
		table := NewTable(limit)
		for i := range 3000 {
			p := put(table, proc(1+rng.Int64N(400), rng.Int64N(400), "/x"))
			require.Same(t, p, table.Get(p.OID))
			require.LessOrEqual(t, table.Len(), 2*(limit+1+field.MaxAncestors))
			if i%40 != 0 {
				continue
			}
			for _, members := range []generation{table.young, table.old} {
				for _, m := range members {
					requireLinked(t, table, m.Process)
				}
			}
		}
	}
}

func requireLinked(t *testing.T, table *Table, p *field.Process) {
	t.Helper()
	switch {
	case p.POID == nil || *p.POID == p.OID:
		require.Nil(t, p.Parent)
	case p.Parent != nil:
		require.Equal(t, *p.POID, p.Parent.OID)
		require.Same(t, p.Parent, table.find(*p.POID), "a parent that is forgotten is cut off")
	default:
		require.Nil(t, table.find(*p.POID), "the parent is known")
		require.Contains(t, table.orphans[*p.POID], p)
	}
}

// A change of anything above is seen below.
func FuzzLineageVersion(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 5))
		table := NewTable(64)
		for range 200 {
			child := put(table, proc(1+rng.Int64N(12), rng.Int64N(12), "/x"))
			above := 1 + rng.IntN(5)
			p := child
			for range above {
				if p.Parent == nil {
					break
				}
				p = p.Parent
			}
			before := child.LineageVersion()
			changed := p.Process
			changed.Exe += "y"
			if table.Get(p.OID) != p {
				continue // forgotten
			}
			put(table, changed)
			if child.LineageVersion() == before {
				t.Fatalf("a change of %s is not seen from %s", p.OID, child.OID)
			}
		}
	})
}
