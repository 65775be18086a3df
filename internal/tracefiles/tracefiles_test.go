package tracefiles

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// touch makes an empty file, last written to a number of seconds after a fixed day.
func touch(t *testing.T, path string, second int) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	at := time.Date(2026, 1, 1, 0, 0, second, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, at, at))
}

func TestCompareAge(t *testing.T) {
	oldestFirst := []string{
		"000", "x.sf.99", "y.sf.100", "x.sf.100", "x.sf.0101", "host12.1600000000.sf",
		"host7.1700000000_001.sf", "host7.1700000000.sf", "host10.1700000001.sf",
		"plain.sf", // in 2026
		"1790000000.sf", "99999999999999999999999999999999.sf",
	}
	dir := t.TempDir()
	var files []File
	for i, name := range oldestFirst {
		path := filepath.Join(dir, name)
		touch(t, path, i)
		f, ok := Stat(path)
		require.True(t, ok)
		files = append(files, f)
	}
	slices.Reverse(files)
	slices.SortFunc(files, CompareAge)
	var got []string
	for _, f := range files {
		got = append(got, filepath.Base(f.Path))
	}
	assert.Equal(t, oldestFirst, got)
}

func TestCompareAgeOfEquals(t *testing.T) {
	dir := t.TempDir()
	var files []File
	for _, name := range []string{"b.1", "a.01"} {
		touch(t, filepath.Join(dir, name), 0)
		f, ok := Stat(filepath.Join(dir, name))
		require.True(t, ok)
		files = append(files, f)
	}
	assert.Positive(t, CompareAge(files[0], files[1]), "the path decides")
	assert.Zero(t, CompareAge(files[0], files[0]))
}

func TestSeries(t *testing.T) {
	assert.Equal(t, Series("/a/web1.1700000000.sf"), Series("/a/web1.1700000300.sf"))
	for _, other := range []string{"/b/web1.1700000000.sf", "/a/web2.1700000000.sf", "/a/web1.1700000000", "/a/web1.sf"} {
		assert.NotEqual(t, Series("/a/web1.1700000000.sf"), Series(other))
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.2.sf", "1700000000", ".hidden", "c.3.sf.tmp"} {
		touch(t, filepath.Join(dir, name), 0)
	}
	paths, err := List(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "1700000000"), filepath.Join(dir, "b.2.sf")}, paths)

	_, err = List(filepath.Join(dir, "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStat(t *testing.T) {
	dir := t.TempDir()
	touch(t, filepath.Join(dir, "trace"), 0)
	require.NoError(t, os.Symlink("trace", filepath.Join(dir, "link")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	for name, want := range map[string]bool{"trace": true, "link": true, "dangling": false, "none": false, ".": false} {
		_, ok := Stat(filepath.Join(dir, name))
		assert.Equal(t, want, ok, name)
	}
}
