package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestErr(t *testing.T) {
	warning := &Diagnostic{Severity: Warning, Message: "odd", Code: WarnUnusedList}
	require.NoError(t, List{warning}.Err())
	assert.False(t, List{warning}.HasErrors())
	l := List{
		{Message: "bad", Pos: Position{File: "f", Line: 3}},
		warning,
		{Message: "worse", Hint: "mend it", Code: ErrValidate, Pos: Position{File: "f", Line: 3, Column: 4}},
	}
	assert.True(t, l.HasErrors())
	assert.EqualError(t, l.Err(), "f:3: error: bad\nf:3:4: error: worse; mend it [LOAD_ERR_VALIDATE]")
}
