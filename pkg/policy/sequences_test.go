package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// One record is one step of a sequence only; the next one is another, even if it is alike.
func TestEachRecordIsOneStep(t *testing.T) {
	set, found := loadText(`
- sequence: two
  desc: d
  priority: low
  by: process
  within: 10s
  steps:
    - condition: sf.opflags = EXEC
    - condition: sf.opflags in (EXEC)
`)
	require.NoError(t, found.Err())
	node := &field.Node{Name: "n"}
	r := &field.Record{Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, TS: 1, Process: &field.Process{Node: node}, Node: node}
	e := set.NewEvaluator(policy.Options{})
	for _, want := range []int{0, 2} { // equal times are in order, so each begins one and ends another
		alerts := 0
		e.Evaluate(e.Subject(r.Process), r, func(*policy.Alert) { alerts++ })
		assert.Equal(t, want, alerts)
	}
}
