package diag

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSort(t *testing.T) {
	at := func(file string, line, column int, message string) *Diagnostic {
		return &Diagnostic{Message: message, Pos: Position{File: file, Line: line, Column: column}}
	}
	l := List{
		at("b", 1, 1, "6"), at("a", 10, 1, "5"), at("a", 2, 7, "3"), at("a", 2, 3, "2"),
		at("a", 2, 7, "4"), at("a", 0, 0, "1"), at("", 0, 0, "0"),
	}
	l.Sort()
	var order []string
	for _, d := range l {
		order = append(order, d.Message)
	}
	assert.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6"}, order)
}

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
