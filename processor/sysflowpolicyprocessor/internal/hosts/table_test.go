package hosts

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

// run lets a host have that many processes.
func run(t *testing.T, h *Host, processes int) {
	t.Helper()
	for i := range processes {
		process(t, h, map[string]any{"process.pid": i + 1}, shell)
	}
}

func TestTableIsBounded(t *testing.T) {
	tests := map[string]struct {
		maxHosts, maxProcesses int
		used                   []string // each runs 10 processes
		kept                   []string
		evicted                int64
	}{
		"room for all":       {3, 100, []string{"a", "b", "c"}, []string{"a", "b", "c"}, 0},
		"too many hosts":     {2, 100, []string{"a", "b", "a", "c"}, []string{"a", "c"}, 1},
		"too many processes": {9, 25, []string{"a", "b", "a", "c", "d"}, []string{"c", "d"}, 2},
		"one alone":          {9, 5, []string{"a"}, []string{"a"}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			table := NewTable(tt.maxHosts, tt.maxProcesses)
			for _, host := range tt.used {
				run(t, table.Get(host), 10)
			}
			table.Get(tt.used[len(tt.used)-1]) // after the last ones were put in
			var kept []string
			for host := range table.hosts {
				kept = append(kept, host)
			}
			assert.ElementsMatch(t, tt.kept, kept)
			assert.Equal(t, Stats{
				Processes: int64(10 * len(tt.kept)), EvictedHosts: tt.evicted, EvictedProcesses: 10 * tt.evicted,
			}, table.Stats())
		})
	}
}

func TestTableForgetsWhatItEvicts(t *testing.T) {
	table := NewTable(2, 1000)
	first := table.Get("0")
	run(t, first, 3)
	for i := range 5 {
		run(t, table.Get(strconv.Itoa(i+1)), 3)
	}
	assert.NotSame(t, first, table.Get("0"))
	assert.Len(t, table.hosts, 2)
	assert.Equal(t, 2, table.order.Len())
}

func TestKnownHostCostsNothing(t *testing.T) {
	table := NewTable(2, 1000)
	table.Get("a")
	table.Get("b")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		table.Get("a")
		table.Get("b")
	}))
}
