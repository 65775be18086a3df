package sysflowavroexporter

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
)

const (
	crashDirEnv  = "SYSFLOW_AVRO_CRASH_DIR"
	crashRecords = 30_000
	crashBatch   = 64
)

// TestCrash kills a process that writes and checks that every batch that it had
// acknowledged is there after the next start, whole and once.
func TestCrash(t *testing.T) {
	if dir := os.Getenv(crashDirEnv); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	want := observe(records(1, crashRecords))
	for _, batches := range []int{1, 2, 25, 90} {
		t.Run(strconv.Itoa(batches), func(t *testing.T) {
			dir := t.TempDir()
			acknowledged := crashAfter(t, dir, batches)
			require.Len(t, names(t, dir), 1)
			require.Equal(t, tmpSuffix, filepath.Ext(names(t, dir)[0]))

			exp := startExporter(t, dir)
			exp.shutdown(t)
			got := observe(readDir(t, dir))
			require.GreaterOrEqual(t, len(got), acknowledged)
			sameEvents(t, want[:len(got)], got)
			metadatatest.AssertEqualSysflowAvroFiles(t, exp.tel, valueOf(1, "reason", "recovery"), metricdatatest.IgnoreTimestamp())
		})
	}
}

// writeUntilKilled is the process that crashes. It tells how many events are safe.
func writeUntilKilled(t *testing.T, dir string) {
	exp := startExporter(t, dir, func(c *Config) { c.BlockSize = 2000 })
	acknowledged := 0
	for _, ld := range encode(records(1, crashRecords), crashBatch) {
		exp.consume(t, ld)
		acknowledged += eventCount(ld)
		fmt.Println(acknowledged)
	}
	select {} // waits to be killed
}

// crashAfter returns how many events were acknowledged when the process was killed.
func crashAfter(t *testing.T, dir string, batches int) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
	cmd.Env = append(os.Environ(), crashDirEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	acknowledged, lines := 0, 0
	for s := bufio.NewScanner(out); s.Scan(); {
		n, err := strconv.Atoi(s.Text())
		require.NoError(t, err)
		acknowledged = n
		lines++
		if lines == batches {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Equal(t, -1, exit.ExitCode(), "killed by a signal")
	require.GreaterOrEqual(t, lines, batches)
	return acknowledged
}

func TestLeftovers(t *testing.T) {
	whole := wholeFile(t)
	tests := map[string]struct {
		content   []byte
		kept      bool // under its final name
		untouched bool
	}{
		"whole":          {content: whole, kept: true},
		"half a block":   {content: whole[:len(whole)-100], kept: true},
		"garbage behind": {content: append(slices.Clip(whole), make([]byte, 5000)...), kept: true},
		"no block":       {content: whole[:6300]},
		"half a header":  {content: whole[:1000]},
		"empty":          {},
		"foreign":        {content: []byte("hello, world, this is no trace"), untouched: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "web.100.sf.tmp"), tt.content, 0o600))
			exp := startExporter(t, dir)
			defer exp.shutdown(t)
			switch {
			case tt.untouched:
				got, err := os.ReadFile(filepath.Join(dir, "web.100.sf.tmp"))
				require.NoError(t, err)
				assert.Equal(t, tt.content, got)
				metadatatest.AssertEqualSysflowAvroWriteErrors(t, exp.tel, valueOf(1, "operation", "complete"), metricdatatest.IgnoreTimestamp())
			case tt.kept:
				require.Equal(t, []string{"web.100.sf"}, names(t, dir))
				all, got := observe(records(1, 2000)), observe(readDir(t, dir))
				require.NotEmpty(t, got)
				sameEvents(t, all[:len(got)], got)
			default:
				assert.Empty(t, names(t, dir))
			}
		})
	}
}

// wholeFile returns the content of a trace of several blocks.
func wholeFile(t *testing.T) []byte {
	t.Helper()
	exp := startExporter(t, t.TempDir(), func(c *Config) { c.BlockSize = 2000 })
	exp.consume(t, encode(records(1, 2000), 10_000)...)
	exp.shutdown(t)
	content, err := os.ReadFile(filepath.Join(exp.dir, names(t, exp.dir)[0]))
	require.NoError(t, err)
	return content
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"notes.tmp", "web.sf.tmp", "web.100.sf.tmp.bak"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "web.100.sf.tmp"), 0o700))
	before := names(t, dir)
	startExporter(t, dir).shutdown(t)
	assert.Equal(t, before, names(t, dir))
}

// Another exporter may be writing into the same directory.
func TestOpenFileOfAnotherExporterIsNoLeftover(t *testing.T) {
	want := records(1, 1000)
	batches := encode(want, 300)
	first := startExporter(t, t.TempDir())
	first.consume(t, batches[0])
	second := startExporter(t, first.dir)
	assert.Equal(t, tmpSuffix, filepath.Ext(names(t, first.dir)[0]))
	first.consume(t, batches[1:]...)
	first.shutdown(t)
	second.shutdown(t)
	sameEvents(t, observe(want), observe(readDir(t, first.dir)))
}

func TestCompletedFileIsNeverReplaced(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "web.100.sf"), []byte("precious"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "web.100.sf.tmp"), wholeFile(t), 0o600))
	startExporter(t, dir).shutdown(t)
	got, err := os.ReadFile(filepath.Join(dir, "web.100.sf"))
	require.NoError(t, err)
	assert.Equal(t, "precious", string(got))
	assert.FileExists(t, filepath.Join(dir, "web.100.sf.tmp"))
}
