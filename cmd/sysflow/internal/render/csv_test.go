package render

import (
	"bytes"
	"encoding/csv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestCSV(t *testing.T) {
	oid := sysflow.OID{HPID: 7}
	recs := []sysflow.Record{
		&sysflow.Process{OID: oid, Exe: `/bin/"a",b`, ExeArgs: "two\nlines", TTY: true},
		&sysflow.ProcessEvent{ProcOID: oid, OpFlags: sysflow.OpExec, Ret: -2},
		&sysflow.ProcessFlow{OpFlags: sysflow.OpSetns},
	}
	var out bytes.Buffer
	c := NewCSV(&out, selected(t, "idx", "proc.exe", "proc.args", "proc.tty", "opflags", "ret", "container.id"))
	eachRow(recs, func(r *fields.Row) { require.NoError(t, c.Row(r)) })
	require.NoError(t, c.Flush())
	assert.Equal(t, `idx,proc.exe,proc.args,proc.tty,opflags,ret,container.id
0,"/bin/""a"",b","two
lines",true,EXEC,-2,
1,,,,"     N     ",,
`, out.String())
}

// TestCSVReadsBack decodes what was written with the standard library.
func TestCSVReadsBack(t *testing.T) {
	all := fields.Complete()
	var out bytes.Buffer
	var want [][]string
	c := NewCSV(&out, all)
	eachRow(generated(2000), func(r *fields.Row) {
		require.NoError(t, c.Row(r))
		line := make([]string, len(all))
		for i := range all {
			line[i] = string(all[i].Value(r).Append(nil))
		}
		want = append(want, line)
	})
	require.NoError(t, c.Flush())
	got, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, "version", got[0][0])
	assert.Equal(t, want, got[1:])
}
