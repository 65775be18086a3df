package engine

import (
	"math"
	"slices"
	"sort"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// numberTests answers all tests of a number by one binary search: between two neighbouring
// ends of ranges, all numbers pass the same tests.
type numberTests struct {
	multi bool
	// starts are the first numbers of the intervals but the lowest, ascending.
	starts []int64
	// passed are the bits of each interval, one more than starts.
	passed [][]int32
}

func newNumberTests(atoms []*expr.Atom, bits []int32) *numberTests {
	t := &numberTests{}
	for _, a := range atoms {
		t.multi = a.Source.Multi
		for _, r := range a.Test.Ranges {
			t.starts = append(t.starts, r.Min)
			if r.Max < math.MaxInt64 {
				t.starts = append(t.starts, r.Max+1)
			}
		}
	}
	slices.Sort(t.starts)
	t.starts = slices.Compact(t.starts)
	t.passed = make([][]int32, len(t.starts)+1)
	for i, a := range atoms {
		for _, r := range a.Test.Ranges {
			for k := t.interval(r.Min); k <= t.interval(r.Max); k++ {
				t.passed[k] = append(t.passed[k], bits[i])
			}
		}
	}
	return t
}

func (t *numberTests) interval(n int64) int {
	return sort.Search(len(t.starts), func(i int) bool { return t.starts[i] > n })
}

// test implements tester.
func (t *numberTests) test(_ *field.Record, v *field.Value, bits []uint64) {
	if !t.multi {
		setAll(bits, t.passed[t.interval(v.Int)])
		return
	}
	for _, n := range v.Ints {
		setAll(bits, t.passed[t.interval(n)])
	}
}
