package avro_test

import (
	"bufio"
	"bytes"
	"encoding/json"
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

// asWritten returns what the writer is documented to put into the file for the
// records: IPv6 flows become file flows, each behind its file.
func asWritten(recs []sysflow.Record) (out []sysflow.Record) {
	containers := map[sysflow.OID]string{}
	there := map[sysflow.FOID]bool{}
	carrier := func(proc sysflow.OID, path string, ts int64) sysflow.FOID {
		f := &sysflow.File{
			State: sysflow.StateReup, OID: sysflow.NewFOID(containers[proc], path), TS: ts, Type: '6',
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
				id := carrier(r.ProcOID, ipv6Path(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto), r.TS)
				rec = &sysflow.FileFlow{
					ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, EndTS: r.EndTS,
					FileOID: id, FD: r.FD, Counters: r.Counters,
				}
			}
		case *sysflow.NetworkEvent:
			if r.SIP.Is6() {
				id := carrier(r.ProcOID, ipv6Path(r.SIP, r.DIP, r.SPort, r.DPort, r.Proto), r.TS)
				rec = &sysflow.FileEvent{ProcOID: r.ProcOID, TS: r.TS, TID: r.TID, OpFlags: r.OpFlags, FileOID: id, Ret: r.Ret}
			}
		}
		out = append(out, rec)
	}
	return out
}

// TestGenericReaderAgrees reads our file with hamba's container reader, which knows
// nothing but the schema.
func TestGenericReaderAgrees(t *testing.T) {
	recs := generated(5, 4000)
	want := asWritten(recs)
	for _, codec := range []string{"deflate", "null", "snappy", "zstd"} {
		t.Run(codec, func(t *testing.T) {
			data := write(t, avro.WriterOptions{Codec: codec}, recs)
			cache := &hamba.SchemaCache{}
			dec, err := ocf.NewDecoder(bytes.NewReader(data), ocf.WithDecoderSchemaCache(cache))
			require.NoError(t, err)
			assert.Equal(t, avro.SchemaV5, string(dec.Metadata()["avro.schema"]))
			assert.Len(t, dec.Metadata(), 2)
			for i := range want {
				require.True(t, dec.HasNext(), "record %d: %v", i, dec.Error())
				var got any
				require.NoError(t, dec.Decode(&got))
				name, fields := generic(want[i])
				require.Equal(t, object{"rec": object{name: fields}}, got, "record %d", i)
			}
			assert.False(t, dec.HasNext())
			assert.NoError(t, dec.Error())
		})
	}
}

// TestReaderReadsGenericWriter is the other direction.
func TestReaderReadsGenericWriter(t *testing.T) {
	recs := generated(6, 2000)
	var buf bytes.Buffer
	enc, err := ocf.NewEncoder(avro.SchemaV5, &buf, ocf.WithCodec(ocf.Deflate), ocf.WithEncoderSchemaCache(&hamba.SchemaCache{}))
	require.NoError(t, err)
	for _, r := range asWritten(recs) {
		name, fields := generic(r)
		require.NoError(t, enc.Encode(object{"rec": object{name: fields}}))
	}
	require.NoError(t, enc.Close())
	got, err := read(&buf)
	require.NoError(t, err)
	require.Equal(t, recs, got)
}

// upstreamReadable leaves out IPv4 network events: upstream's reader has no name for them.
func upstreamReadable(recs []sysflow.Record) (out []sysflow.Record) {
	for _, r := range recs {
		if e, ok := r.(*sysflow.NetworkEvent); !ok || e.SIP.Is6() {
			out = append(out, r)
		}
	}
	return out
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
	recs := generated(7, 4000)
	want := asWritten(recs)
	for _, codec := range []string{"deflate", "null", "snappy"} {
		t.Run(codec, func(t *testing.T) {
			got := lines(t, avrocat, tempFile(t, write(t, avro.WriterOptions{Codec: codec}, recs)))
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

// TestSysprintReadsIt reads with upstream's own tool, generated records as well as
// rewritten traces of upstream.
func TestSysprintReadsIt(t *testing.T) {
	sysprint := os.Getenv("SYSFLOW_SYSPRINT")
	if sysprint == "" {
		t.Skip("SYSFLOW_SYSPRINT does not name upstream's sysprint (PyPI sysflow-tools 0.6.1)")
	}
	t.Run("generated", func(t *testing.T) {
		checkSysprint(t, sysprint, upstreamReadable(generated(8, 3000)))
	})
	t.Run("upstream", func(t *testing.T) {
		var traces [][]sysflow.Record
		for _, path := range sharedtest.Traces(t) {
			traces = append(traces, sysflowtest.ReadFile(t, path))
		}
		checkSysprint(t, sysprint, traces...)
	})
}

// checkSysprint compares what sysprint makes of traces with them, in one run for all, as it
// takes long to start.
func checkSysprint(t *testing.T, sysprint string, traces ...[]sysflow.Record) {
	t.Helper()
	args := []string{"-A", "-o", "json"}
	var want []sysflow.Record
	for _, recs := range traces {
		args = append(args, tempFile(t, write(t, avro.WriterOptions{}, recs)))
		want = append(want, events(asWritten(recs))...)
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
