package bench

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

const (
	churnProcesses = 100_000
	// limitChurn is how many more processes may be in the table after the churn than before it.
	limitChurn = 100
)

// BenchmarkChurn runs many short programs, one after the other on every processor, and measures how
// long events of others take meanwhile.
func BenchmarkChurn(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "load", "load")
	for b.Loop() {
		churn(b, program)
	}
	b.ReportMetric(0, "ns/op")
}

func churn(b *testing.B, program string) {
	b.Helper()
	dir, marker := markedDir(b)
	s := newSink(b, marker)
	c := collector.Start(b, fmt.Sprintf(exportConfig, "", s.URL))
	c.WaitLog(b, collector.CaptureStarted)
	start := collector.Sum(c.Metrics(b), metricProcesses)

	l := startLoads(b, runtime.NumCPU(), program, "processes", strconv.Itoa(churnProcesses/runtime.NumCPU()))
	l.begin(b)
	var most float64
	made := makeMarkers(b, dir, makeEvent, func(made int) bool {
		if made%100 == 0 {
			most = max(most, collector.Sum(c.Metrics(b), metricProcesses))
		}
		return l.left() > 0
	})
	n := l.wait(b)
	arrived := s.wait(b, len(made))
	l.end(b)
	lost := lossesOf(b, c)
	var left float64
	eventually(b, func(ct *assert.CollectT) {
		left = collector.Sum(c.Metrics(b), metricProcesses)
		assert.LessOrEqual(ct, left, start+limitChurn, "processes in the table")
	})
	memory := peak(b, c)
	c.Stop(b)

	b.Logf("%d processes; in the table before %.0f, at most %.0f, afterwards %.0f; %d markers; lost: %v",
		n, start, most, left, len(made), lost)
	assert.Empty(b, lost, "lost")
	latencyOf(made, arrived).report(b)
	b.ReportMetric(most, "processes")
	b.ReportMetric(float64(memory>>20), "peak-MiB")
}
