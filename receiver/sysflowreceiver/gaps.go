package sysflowreceiver

import (
	"maps"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// gaps makes notices of what went missing, so that a trace shows where it has holes.
type gaps struct {
	// from is when the losses were looked at last, in nanoseconds since the epoch.
	from int64
	seen map[string]uint64
}

// since returns a notice for each cause of losses that has grown since the last call, in the order
// of their names. What is counted are the totals by cause, now the time.
func (g *gaps) since(losses map[string]uint64, now int64) []*sysflow.Gap {
	var out []*sysflow.Gap
	for _, cause := range slices.Sorted(maps.Keys(losses)) {
		if n := losses[cause] - g.seen[cause]; n > 0 {
			out = append(out, &sysflow.Gap{TS: g.from, EndTS: now, Cause: cause, Count: int64(n)})
		}
	}
	g.from, g.seen = now, losses
	return out
}
