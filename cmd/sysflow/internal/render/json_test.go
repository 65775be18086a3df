package render

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

func eachRow(recs []sysflow.Record, do func(r *fields.Row)) {
	var table sysflow.Table
	var row fields.Row
	for _, rec := range recs {
		if !table.Put(rec) {
			row.Set(&table, rec)
			do(&row)
			row.Index++
		}
	}
}

func generated(n int) []sysflow.Record {
	return sysflowtest.Records(rand.New(rand.NewPCG(9, 10)), n)
}

func selected(t *testing.T, names ...string) []fields.Field {
	t.Helper()
	f, err := fields.Select(names)
	require.NoError(t, err)
	return f
}

// TestJSONCache: rows with cached text are those of a renderer without a past.
func TestJSONCache(t *testing.T) {
	for name, chosen := range map[string][]fields.Field{
		"all":         fields.Complete(),
		"on demand":   fields.All(),
		"interleaved": selected(t, "proc.exe", "proc.tid", "ret", "proc.pid", "container.id", "net.sip", "node.id"),
		"event first": selected(t, "ret", "file.path", "proc.exe", "net.dip", "pproc.exe", "k8s.msg"),
		"event only":  selected(t, "ret", "k8s.msg"),
	} {
		for _, nested := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				var got bytes.Buffer
				j := NewJSON(&got, chosen, nested)
				eachRow(generated(800), func(r *fields.Row) {
					got.Reset()
					require.NoError(t, j.Row(r))
					require.NoError(t, j.Flush())
					var want bytes.Buffer
					fresh := NewJSON(&want, chosen, nested)
					require.NoError(t, fresh.Row(r))
					require.NoError(t, fresh.Flush())
					require.Equal(t, want.String(), got.String())
					require.True(t, json.Valid(got.Bytes()), got.String())
				})
			})
		}
	}
}

func TestJSONShape(t *testing.T) {
	oid := sysflow.OID{CreateTS: 5, HPID: 7}
	recs := []sysflow.Record{
		&sysflow.Process{OID: oid, Exe: "/bin/\"sh\"\n"},
		&sysflow.ProcessEvent{ProcOID: oid, TID: 8, OpFlags: sysflow.OpExec, Ret: -2},
		&sysflow.ProcessFlow{ProcOID: sysflow.OID{HPID: 99}, OpFlags: sysflow.OpClone},
	}
	chosen := selected(t, "proc.exe", "type", "idx", "proc.tid", "ret", "container.id", "proc.tty", "tags")
	for _, tc := range []struct {
		nested bool
		want   string
	}{
		{true, `{"proc":{"exe":"/bin/\"sh\"\n","tid":8,"tty":false},"type":"PE","idx":0,"ret":-2,"container":{"id":""},"tags":[]}
{"proc":{"exe":"","tid":null,"tty":""},"type":"PF","idx":1,"ret":null,"container":{"id":""},"tags":[]}
`},
		{false, `{"proc.exe":"/bin/\"sh\"\n","type":"PE","idx":0,"proc.tid":8,"ret":-2,"container.id":"","proc.tty":false,"tags":[]}
{"proc.exe":"","type":"PF","idx":1,"proc.tid":null,"ret":null,"container.id":"","proc.tty":"","tags":[]}
`},
	} {
		var out bytes.Buffer
		j := NewJSON(&out, chosen, tc.nested)
		eachRow(recs, func(r *fields.Row) { require.NoError(t, j.Row(r)) })
		require.NoError(t, j.Flush())
		assert.Equal(t, tc.want, out.String())
	}
}

// TestJSONStaleContext: a process whose parent or container becomes known later.
func TestJSONStaleContext(t *testing.T) {
	parent, child := sysflow.OID{HPID: 1}, sysflow.OID{HPID: 2}
	recs := []sysflow.Record{
		&sysflow.Process{OID: child, POID: &parent, ContainerID: "c"},
		&sysflow.ProcessEvent{ProcOID: child},
		&sysflow.Process{OID: parent, Exe: "late"},
		&sysflow.ProcessEvent{ProcOID: child},
		&sysflow.Container{ID: "c", Name: "later"},
		&sysflow.ProcessEvent{ProcOID: child},
	}
	var out bytes.Buffer
	j := NewJSON(&out, selected(t, "pproc.exe", "container.name"), false)
	eachRow(recs, func(r *fields.Row) { require.NoError(t, j.Row(r)) })
	require.NoError(t, j.Flush())
	assert.Equal(t, []string{
		`{"pproc.exe":"","container.name":""}`,
		`{"pproc.exe":"late","container.name":""}`,
		`{"pproc.exe":"late","container.name":"later"}`,
	}, strings.Fields(out.String()))
}

func TestJSONCacheIsBounded(t *testing.T) {
	var c processCache
	big := make([]byte, maxCacheBytes/4)
	for range 16 {
		e, miss := c.lookup(&fields.Row{Process: &sysflow.Process{}})
		require.True(t, miss)
		c.store(e, big)
		assert.LessOrEqual(t, c.bytes, maxCacheBytes+len(big))
		assert.LessOrEqual(t, len(c.entries), 6)
	}
}
