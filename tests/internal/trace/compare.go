package trace

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// slack is how far a time in the trace may be from the wall clock of its system call:
// the kernel's clock is mapped to the wall clock once, at the start of the capture.
const slack = int64(50 * time.Millisecond)

// Compare matches the lines that were seen with those expected, each with one. It
// returns what is missing, what nobody expected, and lines at a wrong time.
func Compare(want, got []Line) (problems []string) {
	byTime := func(l []Line) func(i, j int) bool {
		return func(i, j int) bool { return l[i].From < l[j].From }
	}
	want, got = slices.Clone(want), slices.Clone(got)
	sort.SliceStable(want, byTime(want))
	sort.SliceStable(got, byTime(got))

	left := make(map[string][]Line)
	for _, g := range got {
		left[key(g.PID, g.Text)] = append(left[key(g.PID, g.Text)], g)
	}
	var missing []Line
	for _, w := range want {
		g, ok := take(left, w)
		if !ok {
			missing = append(missing, w)
			continue
		}
		problems = append(problems, checkTimes(w, g)...)
	}
	for _, w := range missing {
		problems = append(problems, fmt.Sprintf("missing:     pid %d %s   (%s)", w.PID, w.Text, w.Note))
	}
	for _, g := range got {
		k := key(g.PID, g.Text)
		if n := len(left[k]); n > 0 {
			left[k] = left[k][1:]
			problems = append(problems, fmt.Sprintf("unexplained: pid %d %s", g.PID, g.Text))
		}
	}
	sort.SliceStable(problems, func(i, j int) bool { return pidOf(problems[i]) < pidOf(problems[j]) })
	return problems
}

func key(pid int64, text string) string { return fmt.Sprintf("%d %s", pid, text) }

// pidOf brings the problems of one process together in the list.
func pidOf(problem string) string {
	_, rest, _ := strings.Cut(problem, "pid ")
	pid, _, _ := strings.Cut(rest, " ")
	return pid
}

// take removes the line that an expected one stands for: one at the right time, if
// there is one.
func take(left map[string][]Line, w Line) (Line, bool) {
	for _, text := range append([]string{w.Text}, w.Or...) {
		k := key(w.PID, text)
		l := left[k]
		if len(l) == 0 {
			continue
		}
		i := max(0, slices.IndexFunc(l, func(g Line) bool { return outside(g.From, w.From, w.Until) == 0 }))
		g := l[i]
		left[k] = slices.Delete(l, i, i+1)
		return g, true
	}
	return Line{}, false
}

// outside tells how long t is before (negative) or after a window, which is open when
// from is 0.
func outside(t, from, until int64) time.Duration {
	switch {
	case from != 0 && t < from-slack:
		return time.Duration(t - from)
	case from != 0 && t > until+slack:
		return time.Duration(t - until)
	}
	return 0
}

func checkTimes(w, g Line) (problems []string) {
	check := func(what string, t, from, until int64) {
		if d := outside(t, from, until); d != 0 {
			problems = append(problems, fmt.Sprintf("time:        pid %d %s: its %s is %v off", g.PID, g.Text, what, d))
		}
	}
	check("start", g.From, w.From, w.Until)
	check("process' creation", g.BornFrom, w.BornFrom, w.BornUntil)
	check("end", g.EndFrom, w.EndFrom, w.EndUntil)
	return problems
}
