package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
)

func TestPrintGolden(t *testing.T) {
	trace := scenarioFile(t, 1)
	for _, tc := range []struct {
		golden string
		args   []string
	}{
		{"table.txt", nil},
		{"table_width.txt", []string{"--width", "150"}},
		{"table_fields.txt", []string{"-c", "ts,proc.cmdline,ret,opflags,res,pod.name", "--width", "full"}},
		{"table_color.txt", []string{"--color", "always", "-c", "idx,type,opflags,ret"}},
		{"all.json", []string{"-o", "json"}},
		{"flat.json", []string{"-o", "flatjson", "-c", "type,proc.exe,proc.aname,net.ip,file.name"}},
		{"all.csv", []string{"-o", "csv", "-A"}},
		{"k8s.csv", []string{"-o", "csv", "-K", "--type", "ke"}},
	} {
		t.Run(tc.golden, func(t *testing.T) {
			r := finish(t, command(t, append(append([]string{"print"}, tc.args...), trace)...))
			assert.Zero(t, r.status)
			assert.Empty(t, r.stderr)
			clitest.Golden(t, filepath.Join("testdata", "print", tc.golden), r.stdout)
		})
	}
}

func TestPrintSelection(t *testing.T) {
	trace := scenarioFile(t, 1)
	for _, tc := range []struct {
		args []string
		want string // values of field type
	}{
		{nil, "PE PE FF FE FE NF NF NE PF KE PE PE"},
		{[]string{"--type", "PE,nf", "-t", "KE"}, "PE PE NF NF KE PE PE"},
		{[]string{"--limit", "3"}, "PE PE FF"},
		{[]string{"--limit", "0"}, "PE PE FF FE FE NF NF NE PF KE PE PE"},
		{[]string{"--limit", "2", "--type", "FE"}, "FE FE"},
		{[]string{"--since", "2026-03-01T12:00:07"}, "NF PF PE PE"}, // flows that last until then
		{[]string{"--since", "1772366402", "--until", "1772366403000000000"}, "FE FE"},
		{[]string{"--until", "2026-03-01 13:00:01+01:00"}, "PE PE"},
		{[]string{"--since", "1s"}, ""},
	} {
		r := finish(t, command(t, append([]string{"print", "-o", "csv", "-c", "type", trace}, tc.args...)...))
		assert.Zero(t, r.status)
		assert.Equal(t, strings.Fields("type "+tc.want), strings.Fields(r.stdout), tc.args)
	}
}

func TestPrintStdin(t *testing.T) {
	for _, args := range [][]string{{"print", "-o", "json"}, {"print", "-o", "json", "-"}} {
		f, err := os.Open(scenarioFile(t, 1))
		require.NoError(t, err)
		defer f.Close()
		cmd := command(t, args...)
		cmd.Stdin = f
		r := finish(t, cmd)
		assert.Zero(t, r.status, r.stderr)
		assert.Equal(t, scenarioRows, strings.Count(r.stdout, "\n"))
	}
}

// TestPrintLive: rows come out while the rest of the trace is still being written.
func TestPrintLive(t *testing.T) {
	trace, err := os.ReadFile(scenarioFile(t, 2))
	require.NoError(t, err)
	cmd := command(t, "print", "-o", "json")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = in.Write(trace[:len(trace)-10]) // all of the first block
	require.NoError(t, err)
	lines := bufio.NewScanner(out)
	for range scenarioRows {
		require.True(t, lines.Scan())
	}
	_, err = in.Write(trace[len(trace)-10:])
	require.NoError(t, err)
	require.NoError(t, in.Close())
	for range scenarioRows {
		require.True(t, lines.Scan())
	}
	assert.False(t, lines.Scan())
	require.NoError(t, cmd.Wait())
}

// TestPrintClosedPipe: whoever reads the output goes away after one line.
func TestPrintClosedPipe(t *testing.T) {
	trace := scenarioFile(t, 2000)
	for _, format := range []string{"table", "json", "csv"} {
		cmd := command(t, "print", "-o", format, trace)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		require.NoError(t, err)
		require.NoError(t, out.Close())
		assert.NoError(t, cmd.Wait(), "status 0")
		assert.Empty(t, stderr.String())
	}
}

func TestPrintFaults(t *testing.T) {
	good := scenarioFile(t, 1)
	trace, err := os.ReadFile(scenarioFile(t, 2))
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	broken := append([]byte(nil), trace...)
	broken[len(broken)-1] ^= 0xff // in the sync marker
	for _, tc := range []struct {
		name   string
		paths  []string
		rows   int
		stderr []string
	}{
		{"truncated", []string{write("cut.sf", trace[:len(trace)-30]), good}, 2 * scenarioRows, []string{"cut.sf: block at offset ", "truncated"}},
		{"corrupt", []string{write("bad.sf", broken), good}, 2 * scenarioRows, []string{"bad.sf: block at offset ", "corrupt"}},
		{"foreign", []string{write("notes.txt", []byte("some text, no trace")), good}, scenarioRows, []string{"notes.txt: ", "not an Avro container file"}},
		{"empty", []string{write("empty.sf", nil), good}, scenarioRows, []string{"empty.sf is empty, there is no trace to read"}},
		{"missing", []string{filepath.Join(dir, "nope.sf"), good}, scenarioRows, []string{"nope.sf: no such file or directory"}},
		{"empty directory", []string{t.TempDir(), good}, scenarioRows, []string{"no trace files in this directory"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := finish(t, command(t, append([]string{"print", "-o", "json"}, tc.paths...)...))
			assert.Equal(t, 1, r.status)
			assert.Equal(t, tc.rows, strings.Count(r.stdout, "\n"))
			assert.Equal(t, 1, strings.Count(r.stderr, "\n"), "one sentence: %q", r.stderr)
			assert.True(t, strings.HasPrefix(r.stderr, "sysflow print: "), r.stderr)
			for _, part := range tc.stderr {
				assert.Contains(t, r.stderr, part)
			}
		})
	}
}

func TestPrintDirectory(t *testing.T) {
	dir := t.TempDir()
	trace, err := os.ReadFile(scenarioFile(t, 1))
	require.NoError(t, err)
	for _, name := range []string{"n.20.sf", "n.3.sf", "n.100.sf.tmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), trace, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "n.3.sf"), []byte("oldest"), 0o600))
	r := finish(t, command(t, "print", "-o", "json", "-c", "idx", dir))
	assert.Equal(t, 1, r.status)
	assert.Contains(t, r.stderr, "n.3.sf")
	assert.Contains(t, r.stderr, "n.100.sf.tmp is still being written")
	assert.Equal(t, 2*scenarioRows, strings.Count(r.stdout, "\n"), "what has been written of the unfinished file is printed")
}

// TestPrintUnfinished: while a collector runs, a folder may hold nothing but the file that is
// being written, cut anywhere.
func TestPrintUnfinished(t *testing.T) {
	dir := t.TempDir()
	trace, err := os.ReadFile(scenarioFile(t, 1))
	require.NoError(t, err)
	path := filepath.Join(dir, "n.1.sf.tmp")
	require.NoError(t, os.WriteFile(path, append(trace, 2), 0o600)) // a block begins
	r := finish(t, command(t, "print", "-o", "json", dir))
	assert.Equal(t, 0, r.status)
	assert.Equal(t, "sysflow print: note: "+path+" is still being written, it is read up to its last whole block\n", r.stderr)
	assert.Equal(t, scenarioRows, strings.Count(r.stdout, "\n"))
}

func TestPrintToFile(t *testing.T) {
	trace := scenarioFile(t, 1)
	out := filepath.Join(t.TempDir(), "out.json")
	r := finish(t, command(t, "print", "-o", "json", "-w", out, trace, trace))
	assert.Equal(t, result{}, r)
	data, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, 2*scenarioRows, strings.Count(string(data), "\n"), "all inputs, not only the last")

	before, err := os.ReadFile(trace)
	require.NoError(t, err)
	r = finish(t, command(t, "print", "-w", trace, trace))
	assert.Equal(t, 2, r.status)
	assert.Contains(t, r.stderr, "is one of the traces to print")
	r = finish(t, command(t, "print", "-w", trace, "-c", "nope", good(t)))
	assert.Equal(t, 2, r.status)
	after, err := os.ReadFile(trace)
	require.NoError(t, err)
	assert.Equal(t, before, after, "neither mistake harms the file")

	r = finish(t, command(t, "print", "-w", filepath.Join(t.TempDir(), "no", "dir"), trace))
	assert.Equal(t, 1, r.status)
	assert.Contains(t, r.stderr, "no such file or directory")
}

func good(t *testing.T) string {
	t.Helper()
	return scenarioFile(t, 1)
}

// TestPrintToStdout: - is no file of that name.
func TestPrintToStdout(t *testing.T) {
	trace := scenarioFile(t, 1)
	cmd := command(t, "print", "-o", "json", "-w", "-", trace)
	cmd.Dir = t.TempDir()
	assert.Equal(t, finish(t, command(t, "print", "-o", "json", trace)), finish(t, cmd))
	entries, err := os.ReadDir(cmd.Dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

func TestPrintNoInput(t *testing.T) {
	cmd := command(t, "print")
	cmd.Stdin = strings.NewReader("")
	assert.Equal(t, result{
		stderr: "sysflow print: standard input is empty, there is no trace to read\n", status: 1,
	}, finish(t, cmd))
}

func TestPrintFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here:", err)
	}
	defer full.Close()
	cmd := command(t, "print", "-o", "json", scenarioFile(t, 1))
	cmd.Stdout = full
	var stderr strings.Builder
	cmd.Stderr = &stderr
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	assert.Equal(t, 1, exit.ExitCode())
	assert.Equal(t, "sysflow print: writing the output: write /dev/stdout: no space left on device\n", stderr.String())
}

func TestPrintEmptyCSVHasTitles(t *testing.T) {
	r := finish(t, command(t, "print", "-o", "csv", "-c", "type,ret", "--since", "1s", scenarioFile(t, 1)))
	assert.Equal(t, result{stdout: "type,ret\n"}, r)
}

// TestPrintConstantMemory is in the small what matters in the large: a trace much
// larger than any buffer goes through.
func TestPrintManyRows(t *testing.T) {
	const times = 5000
	cmd := command(t, "print", "-o", "csv", "-c", "idx", scenarioFile(t, times))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	data, err := io.ReadAll(out)
	require.NoError(t, err)
	require.NoError(t, cmd.Wait())
	assert.Equal(t, times*scenarioRows+1, strings.Count(string(data), "\n"))
}
