package bench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

// cpuTime is how long a loop turns while the collector's share is measured.
const cpuTime = 5 * time.Second

// BenchmarkCPU measures the collector's share of a core while a program does one thing without
// pause on another.
func BenchmarkCPU(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "loop", "loop")
	for _, l := range []struct {
		name  string
		limit float64 // in percent of a core
	}{
		{"read", 3},
		{"tcp", 3},
		{"open", 10},
	} {
		b.Run(l.name, func(b *testing.B) {
			c := collector.Start(b, everything.captureOnly())
			c.WaitLog(b, collector.CaptureStarted)
			const few = 10_000
			turns := int(float64(cpuTime) / runLoop(b, program, l.name, few, 1))
			var share float64
			for b.Loop() {
				before, start := c.CPU(b), time.Now()
				runLoop(b, program, l.name, turns, 1)
				share = 100 * float64(c.CPU(b)-before) / float64(time.Since(start))
			}
			b.ReportMetric(share, "%core")
			b.ReportMetric(0, "ns/op")
			assert.LessOrEqual(b, share, l.limit, "percent of a core")
			assert.Empty(b, lossesOf(b, c), "lost while measuring")
			c.Stop(b)
		})
	}
}
