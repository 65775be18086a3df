package lineage

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Whatever comes in whatever order: parents are those that the descriptions name, and a
// parent that the table knows is linked.
func TestLinksHoldInAnyOrder(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 3))
		limit := 4 + rng.IntN(60)
		table := NewTable(limit)
		for i := range 3000 {
			p := put(table, proc(1+rng.Int64N(120), rng.Int64N(120), "/x"))
			require.Same(t, p, table.Get(p.OID))
			require.LessOrEqual(t, table.Len(), 2*limit+240)
			if i%40 != 0 {
				continue
			}
			for _, generation := range []map[sysflow.OID]*field.Process{table.young, table.old} {
				for _, p := range generation {
					requireLinked(t, table, p)
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
	default:
		require.Nil(t, table.young[*p.POID], "the parent is known")
		require.Nil(t, table.old[*p.POID], "the parent is known")
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
