package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
)

// TestDocs: the list of fields in the guide is the output of --list.
func TestDocs(t *testing.T) {
	const begin, end = "<!-- sysflow print --list -->\n```\n", "```\n<!-- end of list -->"
	path := filepath.Join("..", "..", "docs", "print.md")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(data), begin)
	require.True(t, found, "%q in %s", begin, path)
	_, after, found := strings.Cut(rest, end)
	require.True(t, found, "%q in %s", end, path)

	r := finish(t, command(t, "print", "--list"))
	require.Zero(t, r.status)
	clitest.Golden(t, path, before+begin+r.stdout+end+after)
}
