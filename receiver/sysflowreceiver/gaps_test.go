package sysflowreceiver

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestGaps(t *testing.T) {
	g := gaps{from: 10}
	assert.Empty(t, g.since(map[string]uint64{"path_cut": 0, "ring_buffer_full": 0}, 20))
	assert.Equal(t, []*sysflow.Gap{
		{TS: 20, EndTS: 30, Cause: "path_cut", Count: 1},
		{TS: 20, EndTS: 30, Cause: "ring_buffer_full", Count: 5},
	}, g.since(map[string]uint64{"ring_buffer_full": 5, "path_cut": 1}, 30))
	assert.Equal(t, []*sysflow.Gap{{TS: 30, EndTS: 40, Cause: "path_cut", Count: 2}},
		g.since(map[string]uint64{"ring_buffer_full": 5, "path_cut": 3}, 40))
	assert.Empty(t, g.since(map[string]uint64{"ring_buffer_full": 5, "path_cut": 3}, 50))
}
