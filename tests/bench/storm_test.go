package bench

import (
	"flag"
	"fmt"
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

const (
	limitStormMemory = 300 << 20
	// calmSeconds is how long one process does the same after the storm.
	calmSeconds = "0.1"
)

// stormConfig leaves out what else runs on the host, so that the counters tell of the storm alone.
// Without a queue, the capture waits for what it has captured to be written. It has room for the size
// of the ring buffer.
const stormConfig = `
receivers:
  sysflow:
    capture: {ring_buffer_size: %d}
    filter: proc.name = load
exporters:
  sysflow_avro:
    directory: traces
    sending_queue:
      enabled: false
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
	for _, ring := range []struct {
		name string
		size int
	}{
		{"default ring buffer", 0},
		{"small ring buffer", 1 << 20},
	} {
		b.Run(ring.name, func(b *testing.B) {
			for b.Loop() {
				runStorm(b, program, fmt.Sprintf(stormConfig, ring.size))
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func runStorm(b *testing.B, program, config string) {
	b.Helper()
	files := memoryDir(b)
	c := collector.Start(b, config)
	c.WaitLog(b, collector.CaptureStarted)

	storm := startLoads(b, runtime.NumCPU(), program, "files", files, strconv.FormatFloat(stormTime.Seconds(), 'f', 1, 64))
	calm := startLoads(b, 1, program, "files", files, calmSeconds)
	awaitJudged(b, c, runtime.NumCPU()+1)
	tasks := tasksStarted(b)
	storm.begin(b)
	n := storm.wait(b)
	lost := settled(b, c)
	tasks = tasksStarted(b) - tasks
	memory := peak(b, c)
	calm.begin(b)
	few := calm.wait(b)
	assert.Equal(b, lost, settled(b, c), "losses after the storm")
	storm.end(b)
	calm.end(b)
	c.Stop(b)

	got := readStorm(b, c, storm.pids())
	missing := 3*n - 2*got.whole - got.unlinks
	b.Logf("%d files in %v: %+v, %d events missing; counted: %v; %d other tasks", n, *stormTime, got, missing, lost, tasks)
	assertExact(b, missing, int(lost[lossRingFull]+lost[lossFlowEnd]), eventsPerTask*tasks)
	for cause := range lost {
		assert.Contains(b, []string{lossRingFull, lossFlowEnd}, cause, "causes of losses")
	}
	assert.Equal(b, received{whole: few, unlinks: few}, readStorm(b, c, calm.pids()), "what happens after the storm")
	assert.LessOrEqual(b, memory, int64(limitStormMemory), "bytes of memory")
	b.ReportMetric(float64(n)/stormTime.Seconds(), "files/s")
	b.ReportMetric(100*float64(missing)/float64(3*n), "%lost")
	b.ReportMetric(float64(memory>>20), "peak-MiB")
}

// memoryDir makes a folder in memory, where there is such a file system: what a disk takes is not
// of interest.
func memoryDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "sysflow-bench-") //nolint:usetesting // t.TempDir may be on a disk
	if err != nil {
		return tb.TempDir()
	}
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(dir)) })
	return dir
}

// awaitJudged waits until the receiver knows that so many programs are wanted: each has executed
// itself, which is a record.
func awaitJudged(tb testing.TB, c *collector.Collector, programs int) {
	tb.Helper()
	eventually(tb, func(ct *assert.CollectT) {
		assert.GreaterOrEqual(ct, collector.Sum(c.Metrics(tb), metricRecords), float64(programs), "records")
	})
}

// readStorm counts the records of some of the storm's processes.
func readStorm(tb testing.TB, c *collector.Collector, pids map[int64]bool) (got received) {
	tb.Helper()
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
			}
		})
	}
	return got
}
