package plogs

import "iter"

// cache is a map that forgets what was not used lately: it keeps at least the limit
// entries used last and at most twice as many. Every key is in one generation only.
type cache[K comparable, V any] struct {
	limit      int
	young, old map[K]V
}

func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{limit: limit, young: make(map[K]V)}
}

// get returns a value and counts as a use.
func (c *cache[K, V]) get(k K) (V, bool) {
	if v, ok := c.young[k]; ok {
		return v, true
	}
	v, ok := c.old[k]
	if ok {
		c.put(k, v)
	}
	return v, ok
}

// peek returns a value without counting as a use.
func (c *cache[K, V]) peek(k K) (V, bool) {
	v, ok := c.young[k]
	if !ok {
		v, ok = c.old[k]
	}
	return v, ok
}

func (c *cache[K, V]) put(k K, v V) {
	if _, there := c.young[k]; !there {
		if len(c.young) >= c.limit {
			c.old, c.young = c.young, make(map[K]V)
		}
		delete(c.old, k)
	}
	c.young[k] = v
}

func (c *cache[K, V]) delete(k K) {
	delete(c.young, k)
	delete(c.old, k)
}

// deleteFunc forgets the entries for which del reports true.
func (c *cache[K, V]) deleteFunc(del func(K, V) bool) {
	for k, v := range c.all() {
		if del(k, v) {
			c.delete(k)
		}
	}
}

// all iterates over the entries in no particular order. Entries may be deleted meanwhile.
func (c *cache[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, m := range [...]map[K]V{c.young, c.old} {
			for k, v := range m {
				if !yield(k, v) {
					return
				}
			}
		}
	}
}

func (c *cache[K, V]) clear() {
	clear(c.young)
	c.old = nil
}

func (c *cache[K, V]) len() int { return len(c.young) + len(c.old) }
