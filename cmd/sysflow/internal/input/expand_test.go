package input

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"node.1700000200.sf", "node.1700000100.sf", "node.999999999.sf", "plain.sf",
		".hidden.sf", "node.1700000300.sf.tmp", "007",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("abc"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o700))
	empty := t.TempDir()

	files, err := Expand([]string{filepath.Join(dir, "plain.sf"), dir, Stdin, filepath.Join(dir, "nope"), empty})
	require.Error(t, err)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, empty+": no trace files in this directory")

	var got []string
	for _, f := range files {
		got = append(got, filepath.Base(f.Path))
	}
	assert.Equal(t, []string{
		"plain.sf",
		"007", "node.999999999.sf", "node.1700000100.sf", "node.1700000200.sf", "plain.sf", // written today
		"-",
	}, got)
	assert.EqualValues(t, 3, files[0].Size)
}

func TestExpandFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(t.TempDir(), "trace")
	require.NoError(t, os.WriteFile(target, []byte("12345"), 0o600))
	require.NoError(t, os.Symlink(target, filepath.Join(dir, "link.1")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "dangling.2")))

	files, err := Expand([]string{dir})
	require.NoError(t, err)
	assert.Equal(t, []File{{Path: filepath.Join(dir, "link.1"), Size: 5}}, files)
}

func TestReaderTellsBeforeItWaits(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	_, err = w.WriteString("hello")
	require.NoError(t, err)

	var total atomic.Int64
	calls := 0
	in, err := Open(File{Path: Stdin}, r, &total, func() error { calls++; return nil })
	require.NoError(t, err)
	n, err := in.Read(make([]byte, 3))
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	assert.Equal(t, 1, calls)
	assert.EqualValues(t, 3, total.Load())
	require.NoError(t, w.Close())

	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	regular, err := Open(File{Path: path}, r, &total, func() error { calls++; return nil })
	require.NoError(t, err)
	defer regular.Close()
	_, err = regular.Read(make([]byte, 3))
	require.NoError(t, err)
	assert.Equal(t, 1, calls, "regular files do not wait")
}
