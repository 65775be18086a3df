package bench

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

// limitPolicyRate is how many records of a stored trace must be judged each second.
const limitPolicyRate = 700_000

const policyConfig = `
receivers:
  file:
    include: [%q]
    mode: once
    exit_when_done: true
processors:
  sysflow_policy:
    policies: [%q]
exporters:
  nop:
service:
  pipelines:
    logs:
      receivers: [file]
      processors: [sysflow_policy]
      exporters: [nop]
`

// BenchmarkPolicy measures how fast a stored trace is judged by the rules of the parent
// projects, all the way through the collector.
func BenchmarkPolicy(b *testing.B) {
	collector.Binary(b, "otelcol-sysflow")
	path := filepath.Join(b.TempDir(), "large.sf")
	events := writeLarge(b, path)
	for _, rules := range []string{"sysflow_ttps.yaml", "falco_rules.yaml"} {
		b.Run(rules, func(b *testing.B) {
			var took []time.Duration
			var memory int64
			for b.Loop() {
				took, memory = nil, 0
				for range replayRounds {
					d, m := replay(b, fmt.Sprintf(policyConfig, path, sharedtest.Rules(b, rules)))
					took, memory = append(took, d), max(memory, m)
				}
			}
			best, bare := slices.Min(took), buildBare(events)
			rate := float64(replayRecords) / best.Seconds()
			b.Logf("%d records, rounds took %v, building the bare logs on one core %v", replayRecords, took, bare)
			b.ReportMetric(rate, "records/s")
			b.ReportMetric(best.Seconds()/bare.Seconds(), "times-bare")
			b.ReportMetric(float64(memory>>20), "peak-MiB")
			b.ReportMetric(0, "ns/op")
			assert.GreaterOrEqual(b, rate, float64(limitPolicyRate), "records per second")
			assert.LessOrEqual(b, memory, int64(limitMemory), "bytes of memory")
		})
	}
}
