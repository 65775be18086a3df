package sysflowpolicyprocessor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatDoesNotMatchIsFree allows one allocation in a hundred records that match nothing.
func TestWhatDoesNotMatchIsFree(t *testing.T) {
	recs := entities("web-1")
	for i := range 1000 {
		recs = append(recs, opened(shellOID, fmt.Sprintf("/tmp/%d", i), t0+int64(i)*second)...)
	}
	ld := encode(recs)
	p, sink := started(t, config())
	judge := func() { require.NoError(t, p.ConsumeLogs(t.Context(), ld)) }
	judge() // so that the engine knows the records
	allowed := float64(ld.LogRecordCount()) / 100
	assert.LessOrEqual(t, testing.AllocsPerRun(20, judge), allowed)
	assert.Empty(t, sink.AllLogs())
}
