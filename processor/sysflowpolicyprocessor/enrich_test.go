package sysflowpolicyprocessor

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

func connectRule(name, priority string) string {
	return "- rule: " + name + "\n  desc: d\n  condition: sf.opflags = CONNECT\n  priority: " + priority + "\n  output: by " + name + "\n"
}

func connectSequence(name, priority, first string) string {
	return "- sequence: " + name + "\n  desc: d\n  within: 60s\n  steps:\n    - condition: sf.opflags = " + first +
		"\n    - condition: sf.opflags = CONNECT\n  priority: " + priority + "\n  output: by " + name + "\n"
}

// A sequence tells more than a rule that is as grave, and its steps are told in any case.
func TestSequencesInEnrichMode(t *testing.T) {
	tests := map[string]struct {
		rules          string
		gravest, steps string
		names          string
	}{
		"as grave": {connectRule("r", "high") + connectSequence("s", "high", "EXEC"), "s", "execve", `["r","s"]`},
		"first of equals": {
			connectRule("r", "high") + connectSequence("s", "high", "EXEC") + connectSequence("t", "high", "OPEN"), "s", "execve", `["r","s","t"]`,
		},
		"less grave":       {connectRule("r", "critical") + connectSequence("s", "low", "EXEC"), "r", "execve", `["r","s"]`},
		"gravest sequence": {connectRule("r", "critical") + connectSequence("s", "low", "EXEC") + connectSequence("t", "high", "OPEN"), "r", "/tmp/x", `["r","s","t"]`},
		"graver":           {connectRule("r", "low") + connectSequence("s", "high", "EXEC"), "s", "execve", `["r","s"]`},
		"none":             {connectRule("r", "low") + connectRule("q", "low"), "r", "", `["r","q"]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "rules.yaml")
			writeFile(t, path, tt.rules)
			p, sink := started(t, config(in(ModeEnrich), func(c *Config) { c.Policies = []string{path} }))
			recs := append(append(entities("web-1"), exec(t0)), opened(shellOID, "/tmp/x", t0)...)
			recs = append(recs, connected(t0+2*second), exec(t0+3*second))
			require.NoError(t, p.ConsumeLogs(t.Context(), encode(recs)))
			marked := 0
			for _, lr := range allRecords(sink) {
				if kind := text(lr.Attributes(), plogs.KeyType); kind != sysflow.KindNetworkFlow.String() {
					assert.Empty(t, text(lr.Attributes(), plogs.KeyRuleSteps), kind)
					continue
				}
				marked++
				assert.Equal(t, tt.gravest, text(lr.Attributes(), plogs.KeyRuleName))
				assert.Equal(t, "by "+tt.gravest, lr.Body().Str())
				assert.Equal(t, tt.names, text(lr.Attributes(), plogs.KeyRuleNames))
				steps, ok := lr.Attributes().Get(plogs.KeyRuleSteps)
				require.Equal(t, tt.steps != "", ok)
				if ok {
					assert.Contains(t, steps.Slice().At(0).Str(), tt.steps)
				}
			}
			assert.Equal(t, 1, marked)
		})
	}
}
