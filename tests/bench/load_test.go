package bench

import (
	"bufio"
	"io"
	"maps"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
)

const (
	pollInterval = 50 * time.Millisecond

	metricFlows     = "otelcol_sysflow_capture_flows"
	metricProcesses = "otelcol_sysflow_capture_processes"
	metricRecords   = "otelcol_sysflow_capture_records_total"

	lossRingFull  = "ring_buffer_full"
	lossFlowTable = "flow_table_full"
	lossFlowEnd   = "flow_end_lost"
)

// loads are running load programs.
type loads struct {
	cmds []*exec.Cmd
	// inputs tell the programs to begin, and by their ends to end.
	inputs []io.WriteCloser
	// done gets how often each did its work, or why it could not.
	done chan result
}

type result struct {
	times int
	err   error
}

// startLoads starts a program so many times. They do nothing until they are told to begin, and are
// killed when the test ends.
func startLoads(tb testing.TB, n int, program string, args ...string) *loads {
	tb.Helper()
	l := &loads{done: make(chan result, n)}
	for range n {
		cmd := exec.CommandContext(tb.Context(), program, args...)
		in, err := cmd.StdinPipe()
		require.NoError(tb, err)
		out, err := cmd.StdoutPipe()
		require.NoError(tb, err)
		require.NoError(tb, cmd.Start())
		l.cmds, l.inputs = append(l.cmds, cmd), append(l.inputs, in)
		go func() {
			line, err := bufio.NewReader(out).ReadString('\n')
			times, numErr := strconv.Atoi(strings.TrimSpace(line))
			if err == nil {
				err = numErr
			}
			l.done <- result{times, err}
		}()
	}
	return l
}

// begin lets the programs begin.
func (l *loads) begin(tb testing.TB) {
	tb.Helper()
	for _, in := range l.inputs {
		_, err := in.Write([]byte("\n"))
		require.NoError(tb, err)
	}
}

// pids are the process ids of the programs.
func (l *loads) pids() map[int64]bool {
	pids := make(map[int64]bool)
	for _, cmd := range l.cmds {
		pids[int64(cmd.Process.Pid)] = true
	}
	return pids
}

// left returns how many have not done their work yet.
func (l *loads) left() int { return len(l.cmds) - len(l.done) }

// wait waits until all have done their work, and returns how often in all. The programs do not
// end yet.
func (l *loads) wait(tb testing.TB) (times int) {
	tb.Helper()
	for range l.cmds {
		r := <-l.done
		require.NoError(tb, r.err, "what a load has done")
		times += r.times
	}
	return times
}

// end lets the programs end.
func (l *loads) end(tb testing.TB) {
	tb.Helper()
	for i, cmd := range l.cmds {
		require.NoError(tb, l.inputs[i].Close())
		require.NoError(tb, cmd.Wait())
	}
}

// settleTime is longer than the receiver waits for the end of a flow that was lost.
const settleTime = 14 * time.Second

// settled waits until no more losses are counted, and returns them.
func settled(tb testing.TB, c *collector.Collector) map[string]int64 {
	tb.Helper()
	last, since := lossesOf(tb, c), time.Now()
	require.EventuallyWithT(tb, func(ct *assert.CollectT) {
		now := lossesOf(tb, c)
		if !maps.Equal(now, last) {
			last, since = now, time.Now()
		}
		assert.Greater(ct, time.Since(since), settleTime, "losses go on: %v", now)
	}, 10*settleTime, time.Second)
	return last
}

// lossesOf returns what the collector has lost, by cause; nothing of causes that did not occur.
// Whatever else runs on this host may have long arguments, which are no matter here.
func lossesOf(tb testing.TB, c *collector.Collector) map[string]int64 {
	tb.Helper()
	lost := collector.LossCauses(c.Metrics(tb))
	maps.DeleteFunc(lost, func(cause string, n int64) bool { return n == 0 || cause == "args_cut" })
	return lost
}

// eventsPerTask is more than what a process or thread that comes and goes makes of events before
// the filter leaves it out.
const eventsPerTask = 100

// tasksStarted returns how many processes and threads have been started since the host was.
func tasksStarted(tb testing.TB) int {
	tb.Helper()
	stat, err := os.ReadFile("/proc/stat")
	require.NoError(tb, err)
	_, rest, _ := strings.Cut(string(stat), "\nprocesses ")
	line, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(line)
	require.NoError(tb, err)
	return n
}

// assertExact wants everything that is missing to be counted, and no more, but for what may have
// been lost of others on the host.
func assertExact(tb testing.TB, missing, counted, others int) {
	tb.Helper()
	assert.GreaterOrEqual(tb, counted, missing, "counted and missing")
	assert.LessOrEqual(tb, counted, missing+others, "counted and missing, with what others may have lost")
}

// eventually waits until a condition about the collector holds.
func eventually(tb testing.TB, holds func(*assert.CollectT)) {
	tb.Helper()
	require.EventuallyWithT(tb, holds, arrivalTimeout, pollInterval)
}

// peak returns the most memory that the collector has used, in bytes.
func peak(tb testing.TB, c *collector.Collector) int64 {
	tb.Helper()
	memory, ok := c.PeakMemory()
	require.True(tb, ok, "the collector runs")
	return memory
}
