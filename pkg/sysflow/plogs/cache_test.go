package plogs

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCacheKeepsWhatIsUsed(t *testing.T) {
	c := newCache[int, int](10)
	for i := range 1000 {
		c.put(i, i)
		v, ok := c.get(0)
		assert.True(t, ok, "used all the time, at %d", i)
		assert.Zero(t, v)
		assert.LessOrEqual(t, c.len(), 20)
	}
	_, ok := c.peek(999)
	assert.True(t, ok)
	_, ok = c.peek(500)
	assert.False(t, ok, "not used for long")

	c.deleteFunc(func(k, _ int) bool { return k != 0 })
	assert.Equal(t, 1, c.len())
	c.clear()
	assert.Zero(t, c.len())
}

func TestCacheHoldsEachKeyOnce(t *testing.T) {
	c := newCache[string, int](1)
	c.put("a", 1)
	c.put("b", 2) // a is old now
	c.put("a", 3)
	v, _ := c.get("a")
	assert.Equal(t, 3, v)
	c.delete("a")
	_, ok := c.get("a")
	assert.False(t, ok)
}
