package filereceiver

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func identityOf(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	info, err := file.Stat()
	require.NoError(t, err)
	return identity(file, path, info)
}

func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	path, renamed, other := filepath.Join(dir, "a.sf"), filepath.Join(dir, "b.sf"), filepath.Join(dir, "c.sf")
	writeTrace(t, path, generate(1, 100))
	writeTrace(t, other, generate(1, 100))
	id := identityOf(t, path)
	assert.NotEmpty(t, id)
	assert.NotEqual(t, id, identityOf(t, other), "the same records")
	require.NoError(t, os.Rename(path, renamed))
	assert.Equal(t, id, identityOf(t, renamed))

	data, err := os.ReadFile(renamed)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(other, data, 0o600))
	assert.NotEqual(t, id, identityOf(t, other), "a copy")
	require.NoError(t, os.WriteFile(other, []byte("not avro at all"), 0o600))
	assert.Empty(t, identityOf(t, other))
}
