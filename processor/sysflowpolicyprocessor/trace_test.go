package sysflowpolicyprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// attackTrace is a trace of an attack on a web application, 14 thousand records long.
const attackTrace = "sf/express-attack.v1000.sf"

// sharedRules are files that must load as they are.
var sharedRules = []string{"sysflow_ttps.yaml", "falco_rules.yaml"}

// batchesOf turns n records, those of a trace again and again, into batches of logs.
func batchesOf(tb testing.TB, n int) []plog.Logs {
	tb.Helper()
	const size = 8192
	var out []plog.Logs
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	sharedtest.Repeat(tb, sharedtest.Trace(tb, attackTrace), n, func(rec sysflow.Record) {
		enc.Add(rec)
		if enc.Len() >= size {
			out = append(out, enc.Take())
		}
	})
	return append(out, enc.Take())
}

// TestSameAsOffline compares with the evaluation of the records themselves, as the command
// line does it.
func TestSameAsOffline(t *testing.T) {
	for _, name := range sharedRules {
		t.Run(name, func(t *testing.T) {
			rules := sharedtest.Rules(t, name)
			want := offline(t, rules, sharedtest.Trace(t, attackTrace))

			p, sink := started(t, config(func(c *Config) { c.Policies = []string{rules} }))
			for _, ld := range batchesOf(t, records(t)) {
				require.NoError(t, p.ConsumeLogs(t.Context(), ld))
			}
			got := make(map[string]int)
			for _, n := range alertNames(sink) {
				got[n]++
			}
			assert.Equal(t, want, got)
		})
	}
}

// records is the length of the trace.
func records(t *testing.T) int {
	t.Helper()
	n := 0
	sysflowtest.Each(t, sharedtest.Trace(t, attackTrace), func(sysflow.Record) bool { n++; return true })
	return n
}

// TestAttack finds what is in the trace.
func TestAttack(t *testing.T) {
	found := offline(t, sharedtest.Rules(t, "sysflow_ttps.yaml"), sharedtest.Trace(t, attackTrace))
	assert.Contains(t, found, "Shell started by container entry point")
}

// offline counts the alerts of a trace, by rule.
func offline(t *testing.T, rules, trace string) map[string]int {
	t.Helper()
	files, err := policy.ReadFiles([]string{rules})
	require.NoError(t, err)
	set, found := policy.Load(files)
	require.NotNil(t, set, "%v", found.Err())
	e := set.NewEvaluator(policy.Options{})
	s := lineage.NewStream()
	counts := make(map[string]int)
	sysflowtest.Each(t, trace, func(rec sysflow.Record) bool {
		if r, ok := s.Observe(rec); ok {
			e.Evaluate(e.Subject(r.Process), r, func(a *policy.Alert) { counts[a.Rule.Name]++ })
		}
		return true
	})
	return counts
}
