package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

func TestReferenceIsCurrent(t *testing.T) {
	have, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "rule-fields.md"))
	require.NoError(t, err)
	assert.Equal(t, string(render()), string(have), "run go generate ./pkg/policy/field")
}

func TestReferenceNamesEveryField(t *testing.T) {
	text := string(render())
	for _, d := range field.All() {
		name := "| `" + d.Name
		if short, ok := strings.CutPrefix(d.Name, argPrefix); ok && d.Answer == field.Unanswerable {
			name = short
		} else if short, ok := strings.CutPrefix(d.Name, rawArgPrefix); ok && d.Answer == field.Unanswerable {
			name = short
		} else if strings.HasPrefix(d.Name, typeIsPrefix) {
			name = typeIsPrefix
		}
		assert.Contains(t, text, name)
	}
}
