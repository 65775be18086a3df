package input

import (
	"bytes"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

func TestExpand(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"node.1700000200.sf", "node.1700000100.sf", "node.999999999.sf", "plain.sf",
		".hidden.sf", ".hidden.sf.tmp", "node.1700000150.sf.tmp", "007",
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
		"node.1700000150.sf.tmp", // still being written
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

// TestRecordsOfUnfinished: a file that is still being written ends without a fault wherever it
// ends; the records of its whole blocks are read. It may get its name while it is read.
func TestRecordsOfUnfinished(t *testing.T) {
	var whole bytes.Buffer
	w, err := avro.NewWriter(&whole, avro.WriterOptions{})
	require.NoError(t, err)
	header := whole.Len()
	var ends []int
	for pid := range int64(3) {
		require.NoError(t, w.Write(&sysflow.Process{OID: sysflow.OID{HPID: pid}}))
		require.NoError(t, w.Flush())
		ends = append(ends, whole.Len())
	}
	require.Positive(t, header)
	dir := t.TempDir()
	finished := filepath.Join(dir, "t.1.sf")
	unfinished := File{Path: finished + ".tmp"}
	for size := range whole.Len() + 1 {
		require.NoError(t, os.WriteFile(unfinished.Path, whole.Bytes()[:size], 0o600))
		want := 0
		for _, end := range ends {
			if size >= end {
				want++
			}
		}
		assert.Equal(t, want, count(t, unfinished), "%d bytes", size)
	}
	files, err := Expand([]string{dir})
	require.NoError(t, err)
	require.NoError(t, os.Rename(unfinished.Path, finished))
	assert.Equal(t, 3, count(t, files[0]))

	require.NoError(t, os.WriteFile(unfinished.Path, []byte("no trace, but a text"), 0o600))
	for _, err := range Records(unfinished, new(atomic.Int64), nil) {
		require.ErrorIs(t, err, avro.ErrNotContainer)
	}
}

func count(t *testing.T, f File) int {
	t.Helper()
	n := 0
	for _, err := range Records(f, new(atomic.Int64), nil) {
		require.NoError(t, err)
		n++
	}
	return n
}

func TestNoteUnfinished(t *testing.T) {
	var out bytes.Buffer
	NoteUnfinished(&out, "sysflow print", []File{{Path: "a.sf"}, {Path: "b.sf.tmp"}, {Path: Stdin}})
	assert.Equal(t, "sysflow print: note: b.sf.tmp is still being written, it is read up to its last whole block\n", out.String())
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
