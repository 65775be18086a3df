package sequence

import (
	"cmp"
	"slices"
)

// laneKey names a sequence on a host.
type laneKey struct {
	spec int
	node string
}

// lane holds the hits of one sequence on one host, by key and by time. There is none
// without hits.
type lane struct {
	laneKey
	clock clock
	// jumpExpired is how many hits the last jump of the clock expired.
	jumpExpired int64
	entries     map[key]*entry
	// timeline has the hits in the order of their times, also some that are not listed
	// any more; live counts those that are.
	timeline []*hit
	live     int
}

func (m *Machine) lane(k laneKey) *lane {
	l := m.lanes[k]
	if l == nil {
		l = &lane{laneKey: k, entries: make(map[key]*entry)}
		m.lanes[k] = l
	}
	return l
}

func (l *lane) add(h *hit) {
	l.timeline = insert(l.timeline, h)
	l.live++
}

// removed notes that a hit is not listed any more, and sweeps when most are not.
func (l *lane) removed() {
	l.live--
	if len(l.timeline) > 2*l.live+64 {
		l.timeline = slices.DeleteFunc(l.timeline, func(h *hit) bool { return !h.listed })
	}
}

// oldest returns the first hit that is listed.
func (l *lane) oldest() *hit {
	for len(l.timeline) > 0 {
		if h := l.timeline[0]; h.listed {
			return h
		}
		l.timeline[0] = nil
		l.timeline = l.timeline[1:]
	}
	return nil
}

// newest returns the last hit that is listed.
func (l *lane) newest() *hit {
	for n := len(l.timeline); n > 0; n = len(l.timeline) {
		if h := l.timeline[n-1]; h.listed {
			return h
		}
		l.timeline[n-1] = nil
		l.timeline = l.timeline[:n-1]
	}
	return nil
}

// since returns the part of the timeline from a time on.
func (l *lane) since(ts int64) []*hit {
	n := len(l.timeline)
	if n == 0 || l.timeline[n-1].TS < ts {
		return nil
	}
	i, _ := slices.BinarySearchFunc(l.timeline, ts, func(h *hit, ts int64) int { return cmp.Compare(h.TS, ts) })
	return l.timeline[i:]
}
