package capture

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModeText(t *testing.T) {
	for m := ModeFull; m <= ModeConsume; m++ {
		text, err := m.MarshalText()
		require.NoError(t, err)
		var back Mode
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, m, back)
	}
	var m Mode
	require.EqualError(t, m.UnmarshalText([]byte("nofiles")), `must be one of full, flow, no_files, consume, is "nofiles"`)
	assert.Equal(t, "mode 9", Mode(9).String())
}
