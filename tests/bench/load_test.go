package bench

import (
	"bufio"
	"fmt"
	"io"
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

	lossRingFull  = "ring_buffer_full"
	lossFlowTable = "flow_table_full"
	lossFlowEnd   = "flow_end_lost"
)

// loads are running load programs.
type loads struct {
	cmds []*exec.Cmd
	// inputs are what the programs wait for the end of.
	inputs []io.Closer
	// done gets how often each did its work, or why it could not.
	done chan result
}

type result struct {
	times int
	err   error
}

// startLoads starts a program so many times. They are killed when the test ends.
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

// pids are the process ids of the programs.
func (l *loads) pids() map[int64]bool {
	pids := make(map[int64]bool)
	for _, cmd := range l.cmds {
		pids[int64(cmd.Process.Pid)] = true
	}
	return pids
}

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
	last, since := collector.LossCauses(c.Metrics(tb)), time.Now()
	require.EventuallyWithT(tb, func(ct *assert.CollectT) {
		now := collector.LossCauses(c.Metrics(tb))
		if fmt.Sprint(now) != fmt.Sprint(last) {
			last, since = now, time.Now()
		}
		assert.Greater(ct, time.Since(since), settleTime, "losses go on: %v", now)
	}, 10*settleTime, time.Second)
	return last
}

// lossesSince returns what has been lost since before, by cause.
func lossesSince(before, now map[string]int64) map[string]int64 {
	out := make(map[string]int64)
	for cause, n := range now {
		if d := n - before[cause]; d != 0 {
			out[cause] = d
		}
	}
	return out
}

// othersShare is the part of a loss that may be that of what else runs on the host.
const othersShare = 0.001

// assertExact wants everything that is missing to be counted.
func assertExact(tb testing.TB, missing, counted int, what string) {
	tb.Helper()
	assert.GreaterOrEqual(tb, counted, missing, "%s: counted and missing", what)
	assert.LessOrEqual(tb, counted-missing, int(othersShare*float64(counted)), "%s: %d counted, %d missing", what, counted, missing)
}

// peak returns the most memory that the collector has used, in bytes.
func peak(tb testing.TB, c *collector.Collector) int64 {
	tb.Helper()
	memory, ok := c.PeakMemory()
	require.True(tb, ok, "the collector runs")
	return memory
}
