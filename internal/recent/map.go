// Package recent has a map that forgets what was not used lately.
package recent

import (
	"cmp"
	"iter"
)

// DefaultLimit is the limit of a Map that was not made by New.
const DefaultLimit = 1 << 16

// Map is a map that forgets what was not used lately: it keeps at least the limit
// entries used last and at most twice as many. Every key is in one generation only.
//
// The zero value is ready to use, with DefaultLimit.
type Map[K comparable, V any] struct {
	limit      int
	young, old map[K]V
}

// New returns a map that keeps at least limit entries.
func New[K comparable, V any](limit int) *Map[K, V] {
	return &Map[K, V]{limit: limit}
}

// Get returns a value and counts as a use.
func (m *Map[K, V]) Get(k K) (V, bool) {
	if v, ok := m.young[k]; ok {
		return v, true
	}
	v, ok := m.old[k]
	if ok {
		m.Put(k, v)
	}
	return v, ok
}

// Peek returns a value without counting as a use.
func (m *Map[K, V]) Peek(k K) (V, bool) {
	v, ok := m.young[k]
	if !ok {
		v, ok = m.old[k]
	}
	return v, ok
}

// Put sets a value and counts as a use.
func (m *Map[K, V]) Put(k K, v V) {
	if _, there := m.young[k]; !there {
		switch {
		case m.young == nil:
			m.young = make(map[K]V)
		case len(m.young) >= cmp.Or(m.limit, DefaultLimit):
			m.old, m.young = m.young, m.old
			if m.young == nil {
				m.young = make(map[K]V)
			}
			clear(m.young) // its room is needed again
		}
		delete(m.old, k)
	}
	m.young[k] = v
}

// Delete forgets a key.
func (m *Map[K, V]) Delete(k K) {
	delete(m.young, k)
	delete(m.old, k)
}

// DeleteFunc forgets the entries for which del reports true.
func (m *Map[K, V]) DeleteFunc(del func(K, V) bool) {
	for k, v := range m.All() {
		if del(k, v) {
			m.Delete(k)
		}
	}
}

// All iterates over the entries in no particular order. Entries may be deleted meanwhile.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, generation := range [...]map[K]V{m.young, m.old} {
			for k, v := range generation {
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

// Clear forgets everything.
func (m *Map[K, V]) Clear() {
	clear(m.young)
	m.old = nil
}

// Len returns how many entries there are.
func (m *Map[K, V]) Len() int { return len(m.young) + len(m.old) }
