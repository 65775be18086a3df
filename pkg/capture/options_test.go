package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRingBufferSize(t *testing.T) {
	for cpus, want := range map[int]uint32{1: 8 << 20, 2: 8 << 20, 3: 16 << 20, 8: 32 << 20, 256: 64 << 20} {
		assert.Equal(t, want, ringBufferSize(cpus), "%d CPUs", cpus)
	}
}
