package plogs

// cache is a map that forgets what was not used lately: it keeps at least the limit
// entries used last and at most twice as many.
type cache[K comparable, V any] struct {
	limit      int
	young, old map[K]V
}

func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{limit: limit, young: make(map[K]V)}
}

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

func (c *cache[K, V]) put(k K, v V) {
	if _, there := c.young[k]; !there && len(c.young) >= c.limit {
		c.old, c.young = c.young, make(map[K]V)
	}
	c.young[k] = v
}

// deleteFunc forgets the entries for which del reports true.
func (c *cache[K, V]) deleteFunc(del func(K, V) bool) {
	for _, m := range []map[K]V{c.young, c.old} {
		for k, v := range m {
			if del(k, v) {
				delete(m, k)
			}
		}
	}
}

func (c *cache[K, V]) clear() {
	clear(c.young)
	c.old = nil
}

func (c *cache[K, V]) len() int { return len(c.young) + len(c.old) }
