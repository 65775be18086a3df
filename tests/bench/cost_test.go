package bench

import (
	"flag"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/floor"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
)

var costRounds = flag.Int("rounds", 9, "of how many rounds BenchmarkCost takes the median")

const (
	// loopRounds are the repetitions within the loop, of which the best counts.
	loopRounds = 5
	// costAttempts is how often a measurement over a limit is taken again: other work on
	// the machine only ever makes it worse.
	costAttempts = 3
)

// loop is something whose cost is measured, and how often it turns.
type loop struct {
	name  string
	turns int
	// limit is the most that the capture may add, in unit.
	limit float64
	unit  unit
}

// unit is what the cost of a loop is compared with.
type unit string

const (
	// floors are what an empty program on sys_exit adds to one system call.
	floors unit = "floors"
	// percent is of the loop's own time, for what takes a thousand times as long as a floor.
	percent unit = "percent"
)

var loops = []loop{
	{"read", 300_000, 2, floors},
	{"readv", 300_000, 2, floors},
	{"open", 40_000, 8, floors}, // and read and close
	{"tcp", 20_000, 10, floors}, // there and back
	{"getppid", 500_000, 1.2, floors},
	{"exec", 500, 10, percent}, // and fork and wait
}

// floorLoops are of a single call each: what an empty program adds to them is a floor.
var floorLoops = []string{"read", "getppid"}

// sample is the nanoseconds per turn of each loop: with nothing attached, with an empty
// program, under the collector in each configuration.
type sample struct {
	bare, empty map[string]float64
	captured    map[string]map[string]float64
}

// cost is what is added to a turn of a loop: by an empty program in nanoseconds; by the collector
// in nanoseconds and in the unit of the loop, by configuration.
type cost struct {
	loop
	bare, empty      float64
	captured, amount map[string]float64
}

func (c *cost) within() bool {
	for _, v := range c.amount {
		if v > c.limit {
			return false
		}
	}
	return true
}

// BenchmarkCost measures what the capture adds to system calls.
func BenchmarkCost(b *testing.B) {
	collector.NeedCapture(b)
	program := scenario.Build(b, "loop", "loop")
	var costs map[string]*cost
	for b.Loop() {
		costs = make(map[string]*cost)
		for range costAttempts {
			var again []loop
			for _, l := range loops {
				if c := costs[l.name]; c == nil || !c.within() {
					again = append(again, l)
				}
			}
			for _, c := range measureCosts(b, program, again) {
				costs[c.name] = c
			}
		}
	}
	for _, l := range loops {
		c := costs[l.name]
		require.NotNil(b, c, "an empty program costs nothing: this machine is too busy to measure anything")
		b.Logf("%-8s bare %9.1f ns, empty program %+7.1f ns", c.name, c.bare, c.empty)
		for _, conf := range configurations {
			amount := c.amount[conf.name]
			b.Logf("         %-10s %+9.1f ns = %5.2f %s (at most %v)", conf.name, c.captured[conf.name], amount, c.unit, c.limit)
			assert.LessOrEqual(b, amount, c.limit, "%s added to %s, %s", c.unit, c.name, conf.name)
		}
		b.ReportMetric(c.amount[everything.name], string(c.unit)+"/"+c.name)
	}
	b.ReportMetric(0, "ns/op")
}

// measureCosts returns nil if there is too much noise to tell.
func measureCosts(tb testing.TB, program string, some []loop) []*cost {
	tb.Helper()
	if len(some) == 0 {
		return nil
	}
	var samples []sample
	for range *costRounds {
		samples = append(samples, takeSample(tb, program, some))
	}
	floor := median(samples, func(s sample) float64 {
		sum := 0.0
		for _, name := range floorLoops {
			sum += s.empty[name] - s.bare[name]
		}
		return sum / float64(len(floorLoops))
	})
	tb.Logf("a floor is %.1f ns", floor)
	if floor <= 0 {
		return nil // other work on the machine hides what an empty program costs
	}
	var costs []*cost
	for _, l := range some {
		c := &cost{
			loop:     l,
			bare:     median(samples, func(s sample) float64 { return s.bare[l.name] }),
			empty:    median(samples, func(s sample) float64 { return s.empty[l.name] - s.bare[l.name] }),
			captured: make(map[string]float64),
			amount:   make(map[string]float64),
		}
		for _, conf := range configurations {
			added := median(samples, func(s sample) float64 { return s.captured[conf.name][l.name] - s.bare[l.name] })
			c.captured[conf.name] = added
			if c.unit == percent {
				c.amount[conf.name] = 100 * added / c.bare
			} else {
				c.amount[conf.name] = added / floor
			}
		}
		costs = append(costs, c)
	}
	return costs
}

func takeSample(tb testing.TB, program string, some []loop) sample {
	tb.Helper()
	withFloor := slices.Clone(some)
	for _, l := range loops {
		if slices.Contains(floorLoops, l.name) && !slices.Contains(some, l) {
			withFloor = append(withFloor, l)
		}
	}
	s := sample{captured: make(map[string]map[string]float64)}
	s.bare = runLoops(tb, program, withFloor)
	detach := floor.Attach(tb)
	s.empty = runLoops(tb, program, withFloor)
	detach()
	for _, conf := range configurations {
		c := collector.Start(tb, conf.captureOnly())
		c.WaitLog(tb, collector.CaptureStarted)
		s.captured[conf.name] = runLoops(tb, program, some)
		assert.Empty(tb, lossesOf(tb, c), "lost while measuring")
		c.Stop(tb)
	}
	return s
}

func runLoops(tb testing.TB, program string, some []loop) map[string]float64 {
	tb.Helper()
	out := make(map[string]float64)
	for _, l := range some {
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

func median(samples []sample, f func(sample) float64) float64 {
	var v []float64
	for _, s := range samples {
		v = append(v, f(s))
	}
	slices.Sort(v)
	return v[len(v)/2]
}
