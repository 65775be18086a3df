package bench

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

var stormTime = flag.Duration("storm", time.Minute, "how long BenchmarkStorm lasts")

const limitStormMemory = 300 << 20

const stormConfig = `
receivers:
  sysflow:
exporters:
  sysflow_avro:
    directory: traces
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [sysflow_avro]
`

// received is what came of a storm: whole are flows from open to close, cut those whose end is
// missing.
type received struct{ whole, cut, unlinks int }

// BenchmarkStorm has every processor open, write, close and unlink files, ever new ones, and wants
// every record, or each that is missing counted; and that the capture goes on afterwards.
//
// The kernel tells of a file by three events: its open, its close and its unlink. The first two
// make a flow. An event that finds the ring buffer full is counted as ring_buffer_full; the other
// half of a flow of which one was lost, as flow_end_lost. So of three events for each file,
//
//	missing = 3 * files - 2 * whole flows - unlinks = ring_buffer_full + flow_end_lost
func BenchmarkStorm(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "load", "load")
	for b.Loop() {
		storm(b, program)
	}
	b.ReportMetric(0, "ns/op")
}

func storm(b *testing.B, program string) {
	b.Helper()
	files := memoryDir(b)
	c := collector.Start(b, stormConfig)
	c.WaitLog(b, collector.CaptureStarted)
	before := collector.LossCauses(c.Metrics(b))

	l := startLoads(b, runtime.NumCPU(), program, "files", files, strconv.FormatFloat(stormTime.Seconds(), 'f', 1, 64))
	n := l.wait(b)
	after := settled(b, c)
	lost := lossesSince(before, after)
	memory := peak(b, c)

	marker := filepath.Join(b.TempDir(), "marker")
	makeEvent(b, marker)
	l.end(b)
	c.Stop(b)
	got, marked := readStorm(b, c, l.pids(), marker)

	missing := 3*n - 2*got.whole - got.unlinks
	b.Logf("%d files in %v: %+v, %d events missing; counted: %v", n, *stormTime, got, missing, lost)
	assertExact(b, missing, int(lost[lossRingFull]+lost[lossFlowEnd]), "events")
	for cause := range lost {
		assert.Contains(b, []string{lossRingFull, lossFlowEnd}, cause, "causes of losses")
	}
	assert.True(b, marked, "what happens after the storm is captured")
	assert.LessOrEqual(b, memory, int64(limitStormMemory), "bytes of memory")
	b.ReportMetric(float64(n)/stormTime.Seconds(), "files/s")
	b.ReportMetric(100*float64(missing)/float64(3*n), "%lost")
	b.ReportMetric(float64(memory>>20), "peak-MiB")
}

// memoryDir makes a folder in memory, where there is such a file system: what a disk takes is not
// of interest.
func memoryDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "sysflow-bench-")
	if err != nil {
		return tb.TempDir()
	}
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(dir)) })
	return dir
}

// readStorm counts the records of the storm's processes, and looks for a folder of the given name
// that was made.
func readStorm(tb testing.TB, c *collector.Collector, pids map[int64]bool, marker string) (got received, marked bool) {
	tb.Helper()
	markerOID := sysflow.NewFOID("", marker)
	for _, file := range trace.Files(tb, filepath.Join(c.Dir, "traces")) {
		trace.ReadAvro(tb, file, func(rec sysflow.Record) {
			switch r := rec.(type) {
			case *sysflow.FileFlow:
				switch {
				case !pids[r.ProcOID.HPID]:
				case r.OpFlags&sysflow.OpClose != 0:
					got.whole++
				case r.OpFlags&sysflow.OpTruncate != 0:
					got.cut++
				}
			case *sysflow.FileEvent:
				if pids[r.ProcOID.HPID] && r.OpFlags == sysflow.OpUnlink {
					got.unlinks++
				}
				marked = marked || r.FileOID == markerOID && r.OpFlags == sysflow.OpMkdir
			}
		})
	}
	return got, marked
}
