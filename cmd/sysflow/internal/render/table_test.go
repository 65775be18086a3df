package render

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func tableOf(t *testing.T, recs []sysflow.Record, opts TableOptions, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	table := NewTable(&out, selected(t, names...), opts)
	eachRow(recs, func(r *fields.Row) { require.NoError(t, table.Row(r)) })
	require.NoError(t, table.Flush())
	return out.String()
}

func someRows() []sysflow.Record {
	oid := sysflow.OID{HPID: 7}
	return []sysflow.Record{
		&sysflow.Process{OID: oid, Exe: "/usr/lib/a/rather/long/path/größe", ExeArgs: "x\x1b[31m"},
		&sysflow.ProcessEvent{ProcOID: oid, TID: 12345, OpFlags: sysflow.OpExec, Ret: -2},
		&sysflow.FileFlow{ProcOID: oid, TID: 7, OpFlags: sysflow.OpReadRecv | sysflow.OpClose},
	}
}

func TestTable(t *testing.T) {
	names := []string{"idx", "proc.exe", "proc.args", "proc.tid", "opflags", "ret"}
	assert.Equal(t, strings.Join([]string{
		`Rec #  Cmd                    Args         TID  Op Flags     Ret`,
		`    0  ..her/long/path/größe  x\x1b[31m  12345  EXEC          -2`,
		`    1  ..her/long/path/größe  x\x1b[31m      7      R   C`,
		``,
	}, "\n"), tableOf(t, someRows(), TableOptions{Width: 64}, names...))

	start := selected(t, names...)
	start[1].KeepStart = true
	var out bytes.Buffer
	table := NewTable(&out, start, TableOptions{Width: 64})
	eachRow(someRows(), func(r *fields.Row) { require.NoError(t, table.Row(r)) })
	require.NoError(t, table.Flush())
	assert.Contains(t, out.String(), `    0  /usr/lib/a/rather/l..  x\x1b[31m`)

	full := tableOf(t, someRows(), TableOptions{Width: FullWidth}, names...)
	assert.Contains(t, full, "  /usr/lib/a/rather/long/path/größe  x")
	usual := tableOf(t, someRows(), TableOptions{}, names...)
	assert.Contains(t, usual, "  ..er/long/path/größe  x", "20 is the usual width of proc.exe")
}

func TestTableFits(t *testing.T) {
	recs := generated(4000)
	for _, width := range []int{200, 160} {
		for line := range strings.Lines(tableOf(t, recs, TableOptions{Width: width}, fields.DefaultNames()...)) {
			assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), width, "%q", line)
		}
	}
}

func TestTableIsAligned(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(tableOf(t, generated(300), TableOptions{}, "type", "opflags", "proc.pid", "tags"), "\n"), "\n")
	at := strings.Index(lines[0], "Tags")
	for _, line := range lines[1:] {
		assert.Equal(t, at, strings.Index(line, "[]"), "%q", line)
	}
}

func TestTableChunks(t *testing.T) {
	recs := generated(20 * chunkRows)
	var out bytes.Buffer
	table := NewTable(&out, selected(t, "idx", "type"), TableOptions{})
	rows := 0
	eachRow(recs, func(r *fields.Row) {
		require.NoError(t, table.Row(r))
		rows++
		assert.Less(t, len(table.cells), 2*chunkRows)
	})
	assert.NotZero(t, out.Len(), "rows come out before the end")
	require.NoError(t, table.Flush())
	assert.Equal(t, rows+1, strings.Count(out.String(), "\n"))
	assert.Equal(t, 1, strings.Count(out.String(), "Rec #"), "titles come once")
}

func TestTableColor(t *testing.T) {
	plain := tableOf(t, someRows(), TableOptions{}, "idx", "type", "ret")
	colored := tableOf(t, someRows(), TableOptions{Color: true}, "idx", "type", "ret")
	assert.Contains(t, colored, "\x1b[32mPE\x1b[0m")
	assert.Contains(t, colored, "\x1b[31m-2\x1b[0m")
	assert.Contains(t, colored, "\x1b[1mRec #\x1b[0m")
	for _, seq := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[34m"} {
		colored = strings.ReplaceAll(colored, seq, "")
	}
	assert.Equal(t, plain, colored)
}

func TestEmptyTable(t *testing.T) {
	assert.Empty(t, tableOf(t, nil, TableOptions{}, "idx"))
}

func TestLayout(t *testing.T) {
	columns := []column{
		{title: "Rec #", usual: 6, widest: 3, numeric: true},
		{title: "Cmd", usual: 20, widest: 50, words: true},
		{title: "T", usual: 3, widest: 2, words: true},
		{title: "Resource", usual: 45, widest: 80, words: true},
	}
	for _, tc := range []struct {
		name string
		room int
		want []int
	}{
		{"full", FullWidth, []int{5, 50, 2, 80}},
		{"usual", UsualWidth, []int{5, 20, 2, 45}},
		{"much room", 200, []int{5, 50, 2, 80}},
		{"a little less", 133, []int{5, 50, 2, 70}},
		{"the widest gives first, then all alike", 93, []int{5, 40, 2, 40}},
		{"narrow", 37, []int{5, 12, 2, 12}},
		{"nothing more to give", 10, []int{5, 12, 2, 12}},
	} {
		assert.Equal(t, tc.want, layout(columns, tc.room), tc.name)
	}
}

// TestWriteErrors: every renderer reports that it could not write.
func TestWriteErrors(t *testing.T) {
	for name, r := range map[string]Renderer{
		"json":  NewJSON(brokenWriter{}, fields.Complete(), true),
		"csv":   NewCSV(brokenWriter{}, fields.Complete()),
		"table": NewTable(brokenWriter{}, fields.Complete(), TableOptions{}),
	} {
		var err error
		eachRow(generated(2000), func(row *fields.Row) {
			if err == nil {
				err = r.Row(row)
			}
		})
		require.ErrorIs(t, err, errBroken, name)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
