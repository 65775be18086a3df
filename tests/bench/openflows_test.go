package bench

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

const (
	// A process may have 20,000 descriptors or more on every host.
	openProcesses    = 20
	openPerProcess   = 10_000
	openFlows        = openProcesses * openPerProcess
	openMarkers      = 1500 // they take longer than all opens and first exports
	defaultFlowTable = 131_072
	openFlowsConfig  = `    capture: {max_flows: %d}`
)

// BenchmarkOpenFlows keeps many files open: with room for all, to see what that takes of memory and
// how long events of others take meanwhile; and with the default room, to see that each flow that
// finds none is counted.
func BenchmarkOpenFlows(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "load", "load")
	for _, table := range []struct {
		name string
		size int
	}{
		{"room for all", 262_144},
		{"default room", defaultFlowTable},
	} {
		b.Run(table.name, func(b *testing.B) {
			for b.Loop() {
				openMany(b, program, table.size)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func openMany(b *testing.B, program string, size int) {
	b.Helper()
	files := memoryDir(b)
	dir, marker := markedDir(b)
	var opened, gaps atomic.Int64
	s := newSink(b, func(lr plog.LogRecord) string {
		if isOpened(lr, files) {
			opened.Add(1)
		}
		if cause, ok := lr.Attributes().Get(plogs.KeyGapCause); ok && cause.Str() == lossFlowTable {
			gaps.Add(1)
		}
		return marker(lr)
	})
	c := collector.Start(b, fmt.Sprintf(exportConfig, fmt.Sprintf(openFlowsConfig, size), s.URL))
	c.WaitLog(b, collector.CaptureStarted)

	l := startLoads(b, openProcesses, program, "descriptors", files, strconv.Itoa(openPerProcess))
	l.begin(b)
	made := makeMarkers(b, dir, makeEvent, func(made int) bool { return made < openMarkers })
	n := l.wait(b)
	arrived := s.wait(b, len(made))
	flows := collector.Sum(c.Metrics(b), metricFlows)
	lost := lossesOf(b, c)
	l.end(b)
	memory := peak(b, c)
	c.Stop(b)

	missing, counted := n-int(opened.Load()), int(lost[lossFlowTable])
	b.Logf("%d flows, %.0f open at once; %d without a record, lost: %v", n, flows, missing, lost)
	// what else runs on the host finds no room either, and is counted with every operation
	assert.GreaterOrEqual(b, counted, missing, "counted and missing")
	assert.Equal(b, size < n, counted > 0, "flows find no room")
	assert.Equal(b, counted > 0, gaps.Load() > 0, "records of what is missing")
	delete(lost, lossFlowTable)
	assert.Empty(b, lost, "lost for other causes")
	latencyOf(made, arrived).report(b)
	b.ReportMetric(flows, "flows")
	b.ReportMetric(float64(memory>>20), "peak-MiB")
}

// isOpened reports whether a record tells of the open of a file in a folder.
func isOpened(lr plog.LogRecord, dir string) bool {
	ops, ok := lr.Attributes().Get(plogs.KeyOpFlags)
	path, named := lr.Attributes().Get(plogs.KeyFilePath)
	return ok && named && ops.Int()&int64(sysflow.OpOpen) != 0 && strings.HasPrefix(path.Str(), dir+"/")
}
