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
	limit := m.clock.before(m.specs[e.lane.spec].Within, m.lateness)
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
		m.remove(oldest)
	}
	for m.held > m.maxHits {
		m.evicted++
		m.remove(e.hits[0])
	}
}

// expire forgets the hits of a lane that no record is expected to join any more.
func (m *Machine) expire(l *lane, now int64, within time.Duration) {
	l.clock.advance(now, saturate(within, m.lateness))
	limit := l.clock.before(within, m.lateness)
	for {
		h := l.oldest()
		if h == nil || h.TS >= limit {
			return
		}
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
