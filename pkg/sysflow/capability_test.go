package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCapabilities(t *testing.T) {
	assert.Empty(t, CapabilityNames(0))
	assert.Equal(t, []string{"CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_CHECKPOINT_RESTORE", "0x20000000000"}, CapabilityNames(1|1<<21|1<<40|1<<41))
	for i, name := range capabilityNames {
		bit, ok := ParseCapability(name)
		assert.True(t, ok, name)
		assert.Equal(t, int64(1)<<i, bit, name)
	}
	bit, ok := ParseCapability("net_Admin")
	assert.True(t, ok)
	assert.EqualValues(t, 1<<12, bit)
	_, ok = ParseCapability("CAP_FLY")
	assert.False(t, ok)
}
