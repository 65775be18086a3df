package sequence

import "time"

// put stores a hit, and makes room for it.
func (m *Machine) put(l *lane, k key, h *hit) {
	e := l.entries[k]
	if e == nil {
		e = &entry{key: k.clone(), lane: l}
		l.entries[e.key] = e
	}
	m.recent.touch(e)
	h.entry = e
	e.add(h)
	l.add(h)
	m.held++
	m.clock.advance(h.TS, m.lateness)
	for m.held > m.maxHits && m.recent.oldest() != e {
		m.evict(m.recent.oldest())
	}
}

// evict forgets a key; hits that are over anyway do not count as evicted.
func (m *Machine) evict(e *entry) {
	limit := before(m.clock.now, m.slack(e.lane.spec))
	for len(e.hits) > 0 {
		h := e.hits[len(e.hits)-1]
		if h.TS >= limit {
			m.evicted++
		}
		m.remove(h)
	}
}

// bound keeps the newest hits of the key and step of a hit. The only key within MaxHits may
// not have more hits than that either.
func (m *Machine) bound(h *hit) {
	e := h.entry
	for limit := min(m.perStep, m.maxHits); ; {
		oldest, n := e.oldest(h.step)
		if n <= limit {
			break
		}
		m.repeated++
		m.remove(oldest)
	}
	for m.held > m.maxHits {
		m.evicted++
		m.remove(e.hits[0])
	}
}

// slack is how long the hits of a sequence are of use.
func (m *Machine) slack(spec int) time.Duration { return saturate(m.specs[spec].Within, m.lateness) }

// expire follows the time of a new hit, and forgets the hits of its lane that no record is
// expected to join any more.
func (m *Machine) expire(l *lane, h *hit) {
	slack := m.slack(l.spec)
	moved := l.clock.advance(h.TS, slack)
	h.heard = l.clock.passed
	if moved == setBack {
		// The records that made the clock jump were wrong, and so was what they expired.
		m.evicted += l.jumpExpired
	}
	limit, n := before(l.clock.now, slack), int64(0)
	for o := l.oldest(); o != nil && o.TS < limit; o = l.oldest() {
		m.remove(o)
		n++
	}
	if moved != steady {
		l.jumpExpired = 0
	}
	if moved == jumped {
		l.jumpExpired = n
	}
	m.refute(l, slack)
}

// refute forgets hits with times that are still ahead after as long as hits are of use.
func (m *Machine) refute(l *lane, slack time.Duration) {
	limit := after(l.clock.now, slack)
	for h := l.newest(); h != nil && h.TS > limit; h = l.newest() {
		if slack < 0 || l.clock.passed-h.heard <= uint64(slack) {
			return
		}
		m.evicted++
		m.remove(h)
	}
}

// remove takes a hit off the lists; the hits that are linked to it keep it.
func (m *Machine) remove(h *hit) {
	if !h.listed {
		return
	}
	h.listed = false
	m.held--
	e, l := h.entry, h.entry.lane
	e.remove(h)
	if len(e.hits) == 0 {
		m.recent.remove(e)
		delete(l.entries, e.key)
	}
	l.removed()
	if l.live == 0 {
		delete(m.lanes, l.laneKey)
	}
}
