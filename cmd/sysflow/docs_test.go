package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocs: the list of fields in the guide is the output of --list.
func TestDocs(t *testing.T) {
	const begin, end = "<!-- sysflow print --list -->\n```\n", "```\n<!-- end of list -->"
	path := filepath.Join("..", "..", "docs", "print.md")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(data), begin)
	require.True(t, found, "%q in %s", begin, path)
	got, after, found := strings.Cut(rest, end)
	require.True(t, found, "%q in %s", end, path)

	r := finish(t, command(t, "print", "--list"))
	require.Zero(t, r.status)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+begin+r.stdout+end+after), 0o600))
		return
	}
	assert.Equal(t, r.stdout, got, "go test ./cmd/sysflow -update rewrites %s", path)
}
