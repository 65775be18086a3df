package bench

import (
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/asm"
	"github.com/cilium/ebpf/link"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

// The limits, in floors; and in percent of one core.
const (
	limitRead    = 2.5
	limitOpen    = 12
	limitIgnored = 1.3
	limitCPU     = 3
)

const (
	costRounds = 9
	// loopRounds are the repetitions within the loop, of which the best counts.
	loopRounds = 5
	// costAttempts is how often a measurement over a limit is taken again: other work on
	// the machine only ever makes it worse.
	costAttempts = 3
)

// loops are the measured loops and how often each turns.
var loops = []struct {
	name  string
	turns int
	limit float64
}{
	{"read", 300_000, limitRead},
	{"open", 40_000, limitOpen},
	{"getppid", 500_000, limitIgnored},
}

// captureConfig hands everything to a sink that costs nothing.
const captureConfig = `
receivers:
  sysflow:
exporters:
  nop:
service:
  pipelines:
    logs:
      receivers: [sysflow]
      exporters: [nop]
`

// sample is the nanoseconds per turn of each loop: with nothing attached, with an empty
// program, under the collector.
type sample struct{ bare, empty, captured map[string]float64 }

// cost is what a loop adds to a turn, in nanoseconds and in floors.
type cost struct{ bare, empty, captured, floors float64 }

// BenchmarkCost measures what the capture adds to system calls.
func BenchmarkCost(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "loop", "loop")
	var costs map[string]cost
	for b.Loop() {
		for range costAttempts {
			costs = measureCosts(b, program)
			if within(costs) {
				break
			}
		}
	}
	for _, l := range loops {
		c := costs[l.name]
		b.Logf("%-8s bare %7.1f ns, empty program %+6.1f ns, collector %+7.1f ns = %5.2f floors (at most %v)",
			l.name, c.bare, c.empty, c.captured, c.floors, l.limit)
		b.ReportMetric(c.floors, "floors/"+l.name)
		assert.LessOrEqual(b, c.floors, l.limit, "floors added to %s", l.name)
	}
	b.ReportMetric(0, "ns/op")
}

func within(costs map[string]cost) bool {
	for _, l := range loops {
		if costs[l.name].floors > l.limit {
			return false
		}
	}
	return true
}

func measureCosts(tb testing.TB, program string) map[string]cost {
	tb.Helper()
	var samples []sample
	for range costRounds {
		samples = append(samples, takeSample(tb, program))
	}
	// one call's worth of an empty program: the loops of a single call tell
	floor := median(samples, func(s sample) float64 {
		return (s.empty["read"] - s.bare["read"] + s.empty["getppid"] - s.bare["getppid"]) / 2
	})
	require.Positive(tb, floor, "an empty program costs nothing: this machine is too busy to measure anything")
	costs := make(map[string]cost)
	for _, l := range loops {
		c := cost{
			bare:     median(samples, func(s sample) float64 { return s.bare[l.name] }),
			empty:    median(samples, func(s sample) float64 { return s.empty[l.name] - s.bare[l.name] }),
			captured: median(samples, func(s sample) float64 { return s.captured[l.name] - s.bare[l.name] }),
		}
		c.floors = c.captured / floor
		costs[l.name] = c
	}
	return costs
}

func takeSample(tb testing.TB, program string) sample {
	tb.Helper()
	var s sample
	s.bare = runLoops(tb, program)
	detach := attachEmpty(tb)
	s.empty = runLoops(tb, program)
	detach()
	c := collector.Start(tb, captureConfig)
	s.captured = runLoops(tb, program)
	assert.Empty(tb, collector.Losses(c.Metrics(tb)), "lost while measuring")
	c.Stop(tb)
	return s
}

func runLoops(tb testing.TB, program string) map[string]float64 {
	tb.Helper()
	out := make(map[string]float64)
	for _, l := range loops {
		out[l.name] = runLoop(tb, program, l.name, l.turns, loopRounds)
	}
	return out
}

// runLoop returns the nanoseconds per turn.
func runLoop(tb testing.TB, program, name string, turns, rounds int) float64 {
	tb.Helper()
	cpu := runtime.NumCPU() - 1
	cmd := exec.CommandContext(tb.Context(), program, name, strconv.Itoa(turns), strconv.Itoa(rounds), strconv.Itoa(cpu))
	out, err := cmd.Output()
	require.NoError(tb, err)
	ns, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	require.NoError(tb, err)
	return ns
}

// attachEmpty attaches a program to sys_exit that does nothing, until detach is called.
func attachEmpty(tb testing.TB) (detach func()) {
	tb.Helper()
	prog, err := ebpf.NewProgram(&ebpf.ProgramSpec{
		Type:         ebpf.Tracing,
		AttachType:   ebpf.AttachTraceRawTp,
		AttachTo:     "sys_exit",
		License:      "GPL",
		Instructions: asm.Instructions{asm.Mov.Imm(asm.R0, 0), asm.Return()},
	})
	require.NoError(tb, err)
	l, err := link.AttachTracing(link.TracingOptions{Program: prog, AttachType: ebpf.AttachTraceRawTp})
	require.NoError(tb, err)
	return func() {
		require.NoError(tb, l.Close())
		require.NoError(tb, prog.Close())
	}
}

func median(samples []sample, f func(sample) float64) float64 {
	var v []float64
	for _, s := range samples {
		v = append(v, f(s))
	}
	slices.Sort(v)
	return v[len(v)/2]
}

// BenchmarkCPU measures the collector's share of a core while a program reads without
// pause.
func BenchmarkCPU(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "loop", "loop")
	c := collector.Start(b, captureConfig)
	runLoop(b, program, "read", 100_000, 1)

	var share float64
	for b.Loop() {
		before, start := c.CPU(b), time.Now()
		runLoop(b, program, "read", 3_000_000, 5)
		share = 100 * float64(c.CPU(b)-before) / float64(time.Since(start))
	}
	b.ReportMetric(share, "%core")
	b.ReportMetric(0, "ns/op")
	assert.Less(b, share, float64(limitCPU), "percent of a core")
	assert.Empty(b, collector.Losses(c.Metrics(b)), "lost while measuring")
	c.Stop(b)
}
