package sequence

import (
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// hit is a record that satisfied a step, with the hits of the steps before.
type hit struct {
	Hit
	step   int
	record int64
	// heard is what had passed on the clock of the lane when the hit came.
	heard uint64
	proc  *field.Process
	entry *entry
	// prev is the hit of the step before from which the way back to the first step starts
	// the latest; start is when that is.
	prev  *hit
	start int64
	// listed hits are found by later records. used ones were part of an alert.
	listed, used bool
}

// link finds, step by step, the best way back of every hit. The one found earlier is kept
// unless there is a better one, even if its hits are not listed any more.
func link(lists [][]*hit, by rules.JoinKind) {
	for step, list := range lists {
		for _, h := range list {
			if step == 0 {
				h.start = h.TS
				continue
			}
			h.relink(lists[step-1], by)
		}
	}
}

func (h *hit) relink(before []*hit, by rules.JoinKind) {
	if first := h.first(); first != nil {
		h.start = first.TS
	} else {
		h.prev = nil
	}
	for _, b := range before {
		if b.TS > h.TS || b.record == h.record || (b.step > 0 && b.prev == nil) {
			continue
		}
		if (h.prev == nil || b.start > h.start) && (by != rules.JoinAncestry || h.descends(b.OID)) {
			h.prev, h.start = b, b.start
		}
	}
}

// first returns the hit of the first step on the way back, nil if there is no way of which
// nothing is used.
func (h *hit) first() *hit {
	for ; h != nil && !h.used; h = h.prev {
		if h.step == 0 {
			return h
		}
	}
	return nil
}

// distinct reports whether every hit of the way back is of a record of its own. Neighbours
// always are; others can only be the same record where all between have the same time. Such
// a way is given up without a search for another one, as the package says.
func (h *hit) distinct() bool {
	for ; h != nil; h = h.prev {
		for b := h.prev; b != nil; b = b.prev {
			if b.record == h.record {
				return false
			}
		}
	}
	return true
}

// complete returns the first hit of the last step that makes a sequence complete.
func complete(lists [][]*hit, within time.Duration) *hit {
	for _, h := range lists[len(lists)-1] {
		// The difference of two times that are in order always fits an unsigned number.
		inTime := within >= 0 && uint64(h.TS)-uint64(h.start) <= uint64(within)
		if inTime && h.first() != nil && h.distinct() {
			return h
		}
	}
	return nil
}
