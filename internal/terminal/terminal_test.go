package terminal

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoTerminal; exporter/sysflowconsoleexporter has tests with a terminal.
func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	for _, out := range []any{w, &bytes.Buffer{}} {
		assert.False(t, Is(out))
		assert.Zero(t, Width(out))
		for color, want := range map[Color]bool{ColorAuto: false, ColorAlways: true, ColorNever: false} {
			assert.True(t, color.Valid())
			assert.Equal(t, want, color.For(out), color)
		}
	}
	assert.False(t, Color("blue").Valid())
}
