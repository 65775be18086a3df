package filereceiver

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// touch makes an empty file, last written to a number of seconds after a fixed day.
func touch(t *testing.T, path string, second int) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	at := time.Date(2026, 1, 1, 0, 0, second, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, at, at))
}

// names returns the files' paths relative to a directory.
func names(t *testing.T, dir string, files []*candidate) []string {
	t.Helper()
	out := []string{}
	for _, c := range files {
		name, err := filepath.Rel(dir, c.Path)
		require.NoError(t, err)
		out = append(out, name)
	}
	return out
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{
		"web.1700000300.sf", "web.1700000000.sf", "web.1700000600.sf.tmp", "1700000100", ".hidden.1",
		"sub/web.1700000200.sf", "sub/deep/db.1700000050.sf", "notes.json", "a[1].sf", "bad/web.1600000000.sf",
	} {
		touch(t, filepath.Join(dir, name), i)
	}
	require.NoError(t, os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "dangling.sf")))

	for name, tt := range map[string]struct {
		include, exclude []string
		want             []string
		err              string
	}{
		"directory": {
			include: []string{""},
			want:    []string{"a[1].sf", "web.1700000000.sf", "1700000100", "web.1700000300.sf", "notes.json"},
		},
		"exclude by name": {
			include: []string{"."},
			exclude: []string{"*.json", "a*"},
			want:    []string{"web.1700000000.sf", "1700000100", "web.1700000300.sf"},
		},
		"glob": {
			include: []string{"**/*.sf"},
			exclude: []string{filepath.Join(dir, "sub/deep/**"), "a*"},
			want:    []string{"web.1700000000.sf", "sub/web.1700000200.sf", "web.1700000300.sf"},
		},
		"files": {
			include: []string{"web.1700000300.sf", "a[1].sf", "web.17000003*.sf"},
			want:    []string{"a[1].sf", "web.1700000300.sf"},
		},
		"nothing": {
			include: []string{"sub", "none.sf", "none*.sf"},
			want:    []string{"sub/web.1700000200.sf"},
			err:     "none.sf\": no such file or directory, and as a glob it matches nothing",
		},
		"temporary": {include: []string{"web.1700000600.sf.tmp"}, want: []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := finder{exclude: tt.exclude, quarantine: filepath.Join(dir, "bad")}
			for _, entry := range tt.include {
				f.include = append(f.include, filepath.Join(dir, entry))
			}
			files, err := f.find()
			if tt.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.err)
			}
			assert.ElementsMatch(t, tt.want, names(t, dir, files))
			if name != "directory" { // notes.json goes by its time, which is late
				assert.Equal(t, tt.want, names(t, dir, files))
			}
		})
	}
}

func TestOldestFirst(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{
		"x.sf.99", "x.sf.100", "x.sf.0101", "y.sf.100", "host7.1700000000.sf", "host7.1700000000-1.sf",
		"host12.1600000000.sf", "1790000000.sf",
	} {
		touch(t, filepath.Join(dir, name), 10-i)
	}
	touch(t, filepath.Join(dir, "plain.sf"), 0) // in 2026, between 1700000000 and 1790000000
	files, err := (&finder{include: []string{dir}}).find()
	require.NoError(t, err)
	assert.Equal(t, []string{
		"x.sf.99", "y.sf.100", "x.sf.100", "x.sf.0101", "host12.1600000000.sf",
		"host7.1700000000-1.sf", "host7.1700000000.sf", "plain.sf", "1790000000.sf",
	}, names(t, dir, files))
}

func TestFinished(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a.100.sf", "a.200.sf", "b.50.sf"} {
		touch(t, filepath.Join(dir, name), i)
	}
	files, err := (&finder{include: []string{dir}}).find()
	require.NoError(t, err)
	last := files[len(files)-1].Info.ModTime()

	finished := make(map[string]bool)
	for _, c := range files {
		finished[filepath.Base(c.Path)] = c.finished(last.Add(time.Second), 10*time.Second)
	}
	assert.Equal(t, map[string]bool{"a.100.sf": true, "a.200.sf": false, "b.50.sf": false}, finished)
	for _, c := range files {
		assert.True(t, c.finished(last.Add(20*time.Second), 10*time.Second), c.Path)
	}
}
