package avro_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// asWritten returns what version 5 is documented to hold for the records: IPv6 flows become file
// flows and network events file events, each behind its file, and gaps Kubernetes events.
func asWritten(recs []sysflow.Record) (out []sysflow.Record) {
	containers := map[sysflow.OID]string{}
	there := map[sysflow.FOID]bool{}
	carrier := func(proc sysflow.OID, letter sysflow.FileType, path string, ts int64) sysflow.FOID {
		f := &sysflow.File{
			State: sysflow.StateReup, OID: sysflow.NewFOID(containers[proc], path), TS: ts, Type: letter,
			Path: path, ContainerID: containers[proc],
		}
		if !there[f.OID] {
			out = append(out, f)
		}
		there[f.OID] = true
		return f.OID
	}
	for _, rec := range recs {
		switch r := rec.(type) {
		case *sysflow.Process:
			containers[r.OID] = r.ContainerID
		case *sysflow.NetworkFlow:
			if r.SIP.Is6() {
				id := carrier(r.ProcOID, '6', carrierPath(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto), r.TS)
				rec = &sysflow.FileFlow{
					ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, EndTS: r.EndTS,
					FileOID: id, FD: r.FD, Counters: r.Counters,
				}
			}
		case *sysflow.NetworkEvent:
			letter := sysflow.FileType('4')
			if r.SIP.Is6() {
				letter = '6'
			}
			id := carrier(r.ProcOID, letter, carrierPath(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto), r.TS)
			rec = &sysflow.FileEvent{ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, FileOID: id, Ret: r.Ret}
		case *sysflow.Gap:
			rec = gapEvent(r)
		}
		out = append(out, rec)
	}
	return out
}

// asWrittenV6 is asWritten for version 6, where only gaps are carried by something else.
func asWrittenV6(recs []sysflow.Record) (out []sysflow.Record) {
	for _, rec := range recs {
		if r, ok := rec.(*sysflow.Gap); ok {
			rec = gapEvent(r)
		}
		out = append(out, rec)
	}
	return out
}

// gapEvent is the documented carrier of a gap.
func gapEvent(g *sysflow.Gap) *sysflow.K8sEvent {
	cause, _ := json.Marshal(g.Cause)
	return &sysflow.K8sEvent{
		ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentError, TS: g.TS,
		Message: fmt.Sprintf(`{"sysflow.gap":{"cause":%s,"count":%d,"end":%d}}`, cause, g.Count, g.EndTS),
	}
}

// TestGenericReaderAgrees reads our file with hamba's container reader, which knows
// nothing but the schema.
func TestGenericReaderAgrees(t *testing.T) {
	for name, v := range versions {
		recs := v.generated(5, 4000)
		want := v.asWritten(recs)
		for _, codec := range []string{"deflate", "null", "snappy", "zstd"} {
			t.Run(name+"/"+codec, func(t *testing.T) {
				data := write(t, avro.WriterOptions{Version: v.number, Codec: codec}, recs)
				cache := &hamba.SchemaCache{}
				dec, err := ocf.NewDecoder(bytes.NewReader(data), ocf.WithDecoderSchemaCache(cache))
				require.NoError(t, err)
				assert.Equal(t, v.schema, string(dec.Metadata()["avro.schema"]))
				assert.Len(t, dec.Metadata(), 2)
				for i := range want {
					require.True(t, dec.HasNext(), "record %d: %v", i, dec.Error())
					var got any
					require.NoError(t, dec.Decode(&got))
					name, fields := v.generic(want[i])
					require.Equal(t, object{"rec": object{name: fields}}, got, "record %d", i)
				}
				assert.False(t, dec.HasNext())
				assert.NoError(t, dec.Error())
			})
		}
	}
}

// TestReaderReadsGenericWriter is the other direction.
func TestReaderReadsGenericWriter(t *testing.T) {
	for name, v := range versions {
		t.Run(name, func(t *testing.T) {
			recs := v.generated(6, 2000)
			var buf bytes.Buffer
			enc, err := ocf.NewEncoder(v.schema, &buf, ocf.WithCodec(ocf.Deflate), ocf.WithEncoderSchemaCache(&hamba.SchemaCache{}))
			require.NoError(t, err)
			for _, r := range v.asWritten(recs) {
				name, fields := v.generic(r)
				require.NoError(t, enc.Encode(object{"rec": object{name: fields}}))
			}
			require.NoError(t, enc.Close())
			got, err := read(&buf)
			require.NoError(t, err)
			require.Equal(t, recs, got)
		})
	}
}

func tempFile(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace.sf")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// lines runs a reader program, which must not complain, and returns its lines of output.
func lines(t *testing.T, name string, args ...string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), stderr.String())
	require.Empty(t, stderr.String())
	var out []string
	sc := bufio.NewScanner(&stdout)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		out = append(out, sc.Text())
	}
	require.NoError(t, sc.Err())
	return out
}

// TestAvrocatReadsIt reads with Avro's C library.
func TestAvrocatReadsIt(t *testing.T) {
	avrocat, err := exec.LookPath("avrocat")
	if err != nil {
		t.Skip("avrocat (Debian package avro-bin) is not installed")
	}
	for name, v := range versions {
		recs := v.generated(7, 4000)
		want := v.asWritten(recs)
		for _, codec := range []string{"deflate", "null", "snappy"} {
			t.Run(name+"/"+codec, func(t *testing.T) {
				data := write(t, avro.WriterOptions{Version: v.number, Codec: codec}, recs)
				got := lines(t, avrocat, tempFile(t, data))
				require.Len(t, got, len(want))
				for i, line := range got {
					name, _ := generic(want[i])
					var rec struct{ Rec map[string]json.RawMessage }
					require.NoError(t, json.Unmarshal([]byte(line), &rec))
					require.Contains(t, rec.Rec, name[strings.LastIndexByte(name, '.')+1:], "record %d", i)
				}
			})
		}
	}
}

// upstreamReadable leaves out network events, for which upstream's reader has no name, and IPv6
// flows, which it takes for flows of 0.0.0.0.
func upstreamReadable(recs []sysflow.Record) (out []sysflow.Record) {
	for _, r := range recs {
		f, ok := r.(*sysflow.NetworkFlow)
		if r.Kind() != sysflow.KindNetworkEvent && (!ok || f.SIP.Is4()) {
			out = append(out, r)
		}
	}
	return out
}

// TestSysprintReadsIt reads with upstream's own tool, generated records as well as
// rewritten traces of upstream.
func TestSysprintReadsIt(t *testing.T) {
	sysprint := os.Getenv("SYSFLOW_SYSPRINT")
	if sysprint == "" {
		t.Skip("SYSFLOW_SYSPRINT does not name upstream's sysprint (PyPI sysflow-tools 0.6.1)")
	}
	t.Run("generated", func(t *testing.T) {
		checkSysprint(t, sysprint, versions["v5"], generated(8, 3000))
	})
	t.Run("version 6", func(t *testing.T) {
		checkSysprint(t, sysprint, versions["v6"], upstreamReadable(generatedV6(8, 3000)))
	})
	t.Run("upstream", func(t *testing.T) {
		var traces [][]sysflow.Record
		for _, path := range sharedtest.Traces(t) {
			traces = append(traces, sysflowtest.ReadFile(t, path))
		}
		checkSysprint(t, sysprint, versions["v5"], traces...)
	})
}

// checkSysprint compares what sysprint makes of traces with them, in one run for all, as it
// takes long to start.
func checkSysprint(t *testing.T, sysprint string, v version, traces ...[]sysflow.Record) {
	t.Helper()
	args := []string{"-A", "-o", "json"}
	var want []sysflow.Record
	for _, recs := range traces {
		args = append(args, tempFile(t, write(t, avro.WriterOptions{Version: v.number}, recs)))
		want = append(want, events(v.asWritten(recs))...)
	}
	got := lines(t, sysprint, args...)
	require.Len(t, got, len(want))
	for i, line := range got {
		checkRow(t, want[i], line)
	}
}

func events(recs []sysflow.Record) (out []sysflow.Record) {
	for _, r := range recs {
		if !r.Kind().IsEntity() {
			out = append(out, r)
		}
	}
	return out
}

// checkRow compares what sysprint prints of each kind of event.
func checkRow(t *testing.T, want sysflow.Record, line string) {
	t.Helper()
	var row struct {
		Type    string
		TSUTS   int64 `json:"ts_uts"`
		OpFlags any   `json:"opflags_bitmap"`
		Flow    struct{ RBytes, WBytes int64 }
		Net     struct{ SIP, DIP string }
		PF      struct{ NThreads int64 }
		Ret     *int32
	}
	require.NoError(t, json.NewDecoder(strings.NewReader(line)).Decode(&row))
	require.Equal(t, want.Kind().String(), row.Type)
	switch r := want.(type) {
	case *sysflow.NetworkFlow:
		require.Equal(t, r.SIP.String(), row.Net.SIP)
		require.Equal(t, r.DIP.String(), row.Net.DIP)
		require.EqualValues(t, r.OpFlags, row.OpFlags)
		require.Equal(t, r.TS, row.TSUTS)
	case *sysflow.FileFlow:
		require.Equal(t, r.NumRRecvBytes, row.Flow.RBytes)
		require.Equal(t, r.NumWSendBytes, row.Flow.WBytes)
		require.Equal(t, r.TS, row.TSUTS)
	case *sysflow.ProcessFlow:
		require.Equal(t, r.NumThreadsCloned, row.PF.NThreads)
	case *sysflow.ProcessEvent:
		require.Equal(t, r.Ret, *row.Ret)
	case *sysflow.FileEvent:
		require.Equal(t, r.Ret, *row.Ret)
	}
}
