package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

func TestSortFindings(t *testing.T) {
	at := func(file string, line, column int, message string) *diag.Diagnostic {
		return &diag.Diagnostic{Message: message, Pos: diag.Position{File: file, Line: line, Column: column}}
	}
	found := diag.List{
		at("a", 1, 1, "6"), at("z", 10, 1, "5"), at("z", 2, 7, "3"), at("z", 2, 3, "2"),
		at("z", 2, 7, "4"), at("z", 0, 0, "1"), at("", 0, 0, "0"),
	}
	SortFindings(found, []File{{Name: "z"}, {Name: "a"}})
	var order []string
	for _, d := range found {
		order = append(order, d.Message)
	}
	assert.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6"}, order)
}
