package sysflow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestOperations: every operation is one of some kind, and that a flow was cut off is one of all
// flows.
func TestOperations(t *testing.T) {
	var all OpFlags
	for k := range Kind(NumKinds) {
		ops := k.Operations()
		all |= ops
		assert.Equal(t, k == KindProcessFlow || k == KindFileFlow || k == KindNetworkFlow, ops&OpTruncate != 0, k)
		assert.Equal(t, k.IsEntity() || k == KindK8sEvent || k == KindGap, ops == 0, k)
	}
	for bit, name := range opNames {
		assert.Equal(t, name != "", all&(1<<bit) != 0, name)
	}
	assert.Zero(t, all>>len(opNames))
}
