package recent

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestKeepsWhatIsUsed(t *testing.T) {
	c := New[int, int](10)
	for i := range 1000 {
		c.Put(i, i)
		v, ok := c.Get(0)
		assert.True(t, ok, "used all the time, at %d", i)
		assert.Zero(t, v)
		assert.LessOrEqual(t, c.Len(), 20)
	}
	_, ok := c.Peek(999)
	assert.True(t, ok)
	_, ok = c.Peek(500)
	assert.False(t, ok, "not used for long")

	c.DeleteFunc(func(k, _ int) bool { return k != 0 })
	assert.Equal(t, 1, c.Len())
	c.Clear()
	assert.Zero(t, c.Len())
}

func TestHoldsEachKeyOnce(t *testing.T) {
	c := New[string, int](1)
	c.Put("a", 1)
	c.Put("b", 2) // a is old now
	c.Put("a", 3)
	v, _ := c.Get("a")
	assert.Equal(t, 3, v)
	c.Delete("a")
	_, ok := c.Get("a")
	assert.False(t, ok)
}
