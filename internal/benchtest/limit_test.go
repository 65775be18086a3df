package benchtest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestBest(t *testing.T) {
	calls := 0
	assert.Positive(t, Best(0, func() { calls++ }))
	assert.Equal(t, attempts, calls, "nothing takes no time")
	calls = 0
	assert.Less(t, Best(time.Hour, func() { calls++ }), time.Hour)
	assert.Equal(t, 1, calls, "fast enough")
}

// TestWithin runs benchmarks that keep to a limit, and that do not.
func TestWithin(t *testing.T) {
	for limit, failed := range map[time.Duration]bool{time.Hour: false, 0: true} {
		var is bool
		testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
			}
			Within(b, limit, 1, func() {})
			is = is || b.Failed()
		})
		assert.Equal(t, failed, is, limit)
	}
}
