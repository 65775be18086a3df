package avro_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// TestVersion6OnlyAppends: records of version 6 begin as those of version 5, what follows has
// defaults, and enums and the union have nothing more.
func TestVersion6OnlyAppends(t *testing.T) {
	branches := func(schema string) []hamba.Schema {
		s, err := hamba.ParseWithCache(schema, "", &hamba.SchemaCache{})
		require.NoError(t, err)
		return s.(*hamba.RecordSchema).Fields()[0].Type().(*hamba.UnionSchema).Types()
	}
	v5, v6 := branches(avro.SchemaV5), branches(avro.SchemaV6)
	require.Len(t, v6, len(v5))
	for i := range v5 {
		old, extended := v5[i].(*hamba.RecordSchema), v6[i].(*hamba.RecordSchema)
		require.Equal(t, old.FullName(), extended.FullName())
		for j, f := range extended.Fields() {
			if j < len(old.Fields()) {
				require.Equal(t, old.Fields()[j].String(), f.String(), old.FullName())
				continue
			}
			assert.True(t, f.HasDefault(), "%s of %s", f.Name(), old.FullName())
		}
	}
}

// plainBlock returns the records of a file that was written without compression as one block.
func plainBlock(t *testing.T, schema string, data []byte) []byte {
	t.Helper()
	in := hamba.NewReader(bytes.NewReader(data[len(file(schema, "null")):]), 512)
	in.ReadLong() // records
	block := in.ReadBytes()
	require.NoError(t, in.Error)
	return block
}

// TestReaderOfVersion5ResolvesVersion6 resolves version 6 as Avro's specification says, by a
// reader that knows nothing but version 5.
func TestReaderOfVersion5ResolvesVersion6(t *testing.T) {
	recs := generatedV6(12, 3000)
	data := write(t, avro.WriterOptions{Version: sysflow.SchemaV6, Codec: "null", BlockSize: 1 << 30}, recs)
	parse := func(text string) hamba.Schema {
		s, err := hamba.ParseWithCache(text, "", &hamba.SchemaCache{})
		require.NoError(t, err)
		return s
	}
	resolved, err := hamba.NewSchemaCompatibility().Resolve(parse(avro.SchemaV5), parse(avro.SchemaV6))
	require.NoError(t, err)
	dec := hamba.NewDecoderForSchema(resolved, bytes.NewReader(plainBlock(t, avro.SchemaV6, data)))
	for i, rec := range asWrittenV6(recs) {
		var got any
		require.NoError(t, dec.Decode(&got), "record %d", i)
		name, fields := generic(rec)
		require.Equal(t, object{"rec": object{name: fields}}, got, "record %d", i)
	}
}

// resolveByPython prints the records of a file as version 5 has them, one per line.
const resolveByPython = `
import fastavro, json, sys
def plain(v):
    return v.hex() if isinstance(v, bytes) else str(v)
v5 = fastavro.parse_schema(json.load(open(sys.argv[2])))
for r in fastavro.reader(open(sys.argv[1], 'rb'), reader_schema=v5, return_record_name=True):
    print(json.dumps(r['rec'], default=plain))
`

// TestFastavroOfVersion5ResolvesVersion6 does so with the library of upstream's tools.
func TestFastavroOfVersion5ResolvesVersion6(t *testing.T) {
	sysprint := os.Getenv("SYSFLOW_SYSPRINT")
	if sysprint == "" {
		t.Skip("SYSFLOW_SYSPRINT does not name upstream's sysprint, next to which Python has fastavro")
	}
	python := filepath.Join(filepath.Dir(sysprint), "python3")
	if _, err := exec.LookPath(python); err != nil {
		t.Skip("no Python next to sysprint:", err)
	}
	schema := filepath.Join(t.TempDir(), "v5.avsc")
	require.NoError(t, os.WriteFile(schema, []byte(avro.SchemaV5), 0o600))
	recs := generatedV6(13, 3000)
	trace := tempFile(t, write(t, avro.WriterOptions{Version: sysflow.SchemaV6}, recs))
	got := lines(t, python, "-c", resolveByPython, trace, schema)
	want := asWrittenV6(recs)
	require.Len(t, got, len(want))
	for i, line := range got {
		name, fields := generic(want[i])
		var rec []json.RawMessage // name and fields
		require.NoError(t, json.Unmarshal([]byte(line), &rec))
		require.Equal(t, `"`+name+`"`, string(rec[0]))
		var o map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(rec[1], &o))
		require.Len(t, o, len(fields), "%s has the fields of version 5", name)
		if f, ok := want[i].(*sysflow.FileEvent); ok {
			require.Equal(t, `"`+f.FileOID.String()+`"`, string(o["fileOID"]))
		}
	}
	assert.True(t, strings.HasPrefix(got[0], `["sysflow.entity.SFHeader", {"version": 6,`), got[0])
}

// TestVersion6HasNoZones: a zone says nothing on another host, so its loss is documented.
func TestVersion6HasNoZones(t *testing.T) {
	flow := ipv6Flow(1, sysflow.OID{})
	want := *flow
	flow.SIP = flow.SIP.WithZone("eth0")
	got, err := read(bytes.NewReader(write(t, avro.WriterOptions{Version: sysflow.SchemaV6}, []sysflow.Record{flow})))
	require.NoError(t, err)
	require.Equal(t, []sysflow.Record{&want}, got)
}

// TestVersion6OfHeader: the header tells the version of the file, whatever trace it came from.
func TestVersion6OfHeader(t *testing.T) {
	data := write(t, avro.WriterOptions{Version: sysflow.SchemaV6}, []sysflow.Record{&sysflow.Header{Version: 5, Exporter: "a"}})
	r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{})
	require.NoError(t, err)
	got, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, &sysflow.Header{Version: 6, Exporter: "a"}, got)
	require.EqualValues(t, 6, r.Version())
}

// TestPartOfVersion6: fields that a file lacks are unknown, in whatever order the others are.
func TestPartOfVersion6(t *testing.T) {
	const schema = `{"type":"record","name":"sysflow.SysFlow","fields":[{"name":"rec","type":[
		{"type":"record","name":"sysflow.event.ProcessEvent","fields":[{"name":"opFlags2","type":"int"},
			{"name":"procOID","type":{"type":"record","name":"OID","fields":[{"name":"createTS","type":"long"},{"name":"hpid","type":"long"}]}},
			{"name":"ts","type":"long"},{"name":"tid","type":"long"},{"name":"opFlags","type":"int"},
			{"name":"args","type":{"type":"array","items":"string"}},{"name":"ret","type":"int"}]}]}]}`
	got, err := read(bytes.NewReader(written(t, schema, rec("sysflow.event.ProcessEvent", object{
		"opFlags2": 2, "procOID": object{"createTS": int64(1), "hpid": int64(2)}, "ts": int64(3), "tid": int64(4),
		"opFlags": 1, "args": []any{}, "ret": 5,
	}))))
	require.NoError(t, err)
	require.Equal(t, []sysflow.Record{&sysflow.ProcessEvent{
		ProcOID: sysflow.OID{CreateTS: 1, HPID: 2}, TS: 3, TID: 4, OpFlags: 1<<33 | 1, Ret: 5,
	}}, got)

	partial := strings.Replace(avro.SchemaV6, `{"name":"argv0","type":"string"},`, "", 1)
	for _, id := range []string{"realUid", "savedUid", "realGid", "savedGid", "loginUid"} {
		partial = strings.Replace(partial, `{"name":"`+id+`","type":"int"},`, "", 1)
	}
	require.NotEqual(t, len(avro.SchemaV6), len(partial))
	p := &sysflow.Process{State: sysflow.StateReup, Details: &sysflow.ProcessDetails{Comm: "sh", VPID: 7}}
	name, fields := genericV6(p)
	got, err = read(bytes.NewReader(written(t, partial, rec(name, fields))))
	require.NoError(t, err)
	unknown := sysflow.UnknownID
	want := *p.Details
	want.RealUID, want.SavedUID, want.RealGID, want.SavedGID, want.LoginUID = unknown, unknown, unknown, unknown, unknown
	require.Equal(t, &want, got[0].(*sysflow.Process).Details)
}
