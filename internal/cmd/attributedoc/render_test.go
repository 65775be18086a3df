package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

func TestReferenceIsCurrent(t *testing.T) {
	have, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "attributes.md"))
	require.NoError(t, err)
	assert.Equal(t, string(render()), string(have), "run go generate ./pkg/sysflow/plogs")
}

func TestReferenceNamesEveryAttribute(t *testing.T) {
	text := string(render())
	for _, a := range append(plogs.Attributes(), plogs.AlertAttributes()...) {
		assert.Contains(t, text, "| `"+a.Key)
	}
}
