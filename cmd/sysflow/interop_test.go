package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// exception is a known difference between sysprint's output and ours.
type exception struct {
	trace, kind, field string
	upstream, ours     any
	reason             string
}

// exceptions must each be met at least once.
var exceptions = []exception{
	{
		"nodejs.v1000.sf", "NF", "file.fd", "", json.Number("0"),
		"the network flows of this file's schema have no fd; a missing number is 0 in the records of version 5",
	},
}

// TestSysprintAgrees compares with SysFlow's own printer, field by field, all the
// traces that the SysFlow project recorded.
func TestSysprintAgrees(t *testing.T) {
	sysprint := sysprintPath(t)
	met := make([]int, len(exceptions))
	for _, trace := range sharedtest.Traces(t) {
		t.Run(filepath.Base(trace), func(t *testing.T) {
			compareRows(t, filepath.Base(trace), met, upstreamRows(t, sysprint, trace), ourRows(t, trace))
		})
	}
	for i, n := range met {
		assert.NotZero(t, n, "exception %+v was not needed", exceptions[i])
	}
}

// TestSysprintAgreesOnGenerated does the same with what no recorded trace holds: pods, process
// flows, Kubernetes events. Left out is what upstream
// sees as something else (network events, IPv6, gaps).
func TestSysprintAgreesOnGenerated(t *testing.T) {
	sysprint := sysprintPath(t)
	trace := filepath.Join(t.TempDir(), "generated.sf")
	kinds := make(map[sysflow.Kind]int)
	var recs []sysflow.Record
	for _, rec := range sysflowtest.Records(rand.New(rand.NewPCG(3, 4)), 3000) {
		switch r := rec.(type) {
		case *sysflow.NetworkEvent, *sysflow.Gap:
			continue
		case *sysflow.NetworkFlow:
			if !r.SIP.Is4() || !r.DIP.Is4() {
				continue
			}
		}
		kinds[rec.Kind()]++
		recs = append(recs, rec)
	}
	assert.Len(t, kinds, sysflow.NumKinds-2)
	writeTrace(t, trace, recs)
	compareRows(t, "generated.sf", make([]int, len(exceptions)), upstreamRows(t, sysprint, trace), ourRows(t, trace))
}

// compareRows compares row by row and field by field, types included.
func compareRows(t *testing.T, trace string, met []int, upstream, ours []map[string]any) {
	t.Helper()
	require.Len(t, ours, len(upstream), "rows")
	require.NotEmpty(t, ours)
	for i := range upstream {
		for field, want := range upstream[i] {
			got, there := ours[i][field]
			delete(ours[i], field)
			if !there || !assert.ObjectsAreEqual(want, got) {
				if !excused(trace, upstream[i], field, want, got, met) {
					require.Failf(t, "difference", "row %d %v: %s: upstream %#v, ours %#v", i, upstream[i]["type"], field, want, got)
				}
			}
		}
		require.Empty(t, ours[i], "row %d: fields that upstream has not", i)
	}
}

func excused(trace string, row map[string]any, field string, want, got any, met []int) bool {
	for i, e := range exceptions {
		if e.trace == trace && e.kind == row["type"] && e.field == field && e.upstream == want && e.ours == got {
			met[i]++
			return true
		}
	}
	return false
}

func upstreamRows(t *testing.T, sysprint, trace string) []map[string]any {
	t.Helper()
	cmd := exec.Command(sysprint, "-o", "json", trace)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	// It ends with status 0 even when it gave up, so a complaint is all there is.
	require.NotContains(t, stderr.String(), "Error while executing")
	return decodeRows(t, out)
}

func ourRows(t *testing.T, trace string) []map[string]any {
	t.Helper()
	var out, stderr bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&stderr)
	root.SetArgs([]string{"print", "-o", "json", trace})
	require.NoError(t, root.Execute(), stderr.String())
	require.Empty(t, stderr.String())
	return decodeRows(t, out.Bytes())
}

// decodeRows decodes JSON lines and joins the names of nested objects by dots.
func decodeRows(t *testing.T, lines []byte) []map[string]any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(lines))
	dec.UseNumber()
	var rows []map[string]any
	for dec.More() {
		var row map[string]any
		require.NoError(t, dec.Decode(&row))
		flat := make(map[string]any)
		flatten(flat, "", row)
		rows = append(rows, flat)
	}
	return rows
}

func flatten(to map[string]any, prefix string, from map[string]any) {
	for name, v := range from {
		if nested, ok := v.(map[string]any); ok {
			flatten(to, prefix+name+".", nested)
		} else {
			to[prefix+name] = v
		}
	}
}

func writeTrace(t *testing.T, path string, recs []sysflow.Record) {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	w, err := avro.NewWriter(f, avro.WriterOptions{})
	require.NoError(t, err)
	for _, rec := range recs {
		require.NoError(t, w.Write(rec), "%#v", rec)
	}
	require.NoError(t, w.Close())
	require.NoError(t, f.Close())
}

// sysprintPath returns upstream's printer: pip install sysflow-tools==0.6.1.
func sysprintPath(t *testing.T) string {
	t.Helper()
	path := os.Getenv("SYSFLOW_SYSPRINT")
	if path == "" {
		t.Skip("SYSFLOW_SYSPRINT does not name the sysprint of sysflow-tools 0.6.1")
	}
	return path
}
