package avro_test

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// evolve edits SchemaV5; every edit must apply.
func evolve(t *testing.T, edits ...string) string {
	t.Helper()
	s := avro.SchemaV5
	for i := 0; i < len(edits); i += 2 {
		require.Contains(t, s, edits[i])
		s = strings.Replace(s, edits[i], edits[i+1], 1)
	}
	return s
}

// written lets a generic writer write records with a schema.
func written(t *testing.T, schema string, recs ...any) []byte {
	t.Helper()
	var buf bytes.Buffer
	enc, err := ocf.NewEncoder(schema, &buf, ocf.WithEncoderSchemaCache(&hamba.SchemaCache{}))
	require.NoError(t, err)
	for _, r := range recs {
		require.NoError(t, enc.Encode(r))
	}
	require.NoError(t, enc.Close())
	return buf.Bytes()
}

func rec(name string, fields object) object { return object{"rec": object{name: fields}} }

// extraFields are of every type; the reader has to pass over them.
const extraFields = `{"name":"x0","type":"null"},{"name":"x1","type":"boolean"},{"name":"x2","type":"int"},` +
	`{"name":"x3","type":"long"},{"name":"x4","type":"float"},{"name":"x5","type":"double"},{"name":"x6","type":"bytes"},` +
	`{"name":"x7","type":"string"},{"name":"x8","type":{"type":"enum","name":"x.E","symbols":["A","B"]}},` +
	`{"name":"x9","type":{"type":"fixed","name":"x.F","size":3}},{"name":"xa","type":{"type":"array","items":"string"}},` +
	`{"name":"xb","type":{"type":"map","values":"long"}},{"name":"xc","type":["null","string"]},` +
	`{"name":"xd","type":{"type":"record","name":"x.R","fields":[{"name":"next","type":["null","x.R"]}]}},` +
	`{"name":"xe","type":{"type":"array","items":"null"}},`

func extraValues(o object) object {
	maps.Copy(o, object{
		"x0": nil, "x1": true, "x2": 7, "x3": int64(1) << 60, "x4": float32(1.5), "x5": 2.5, "x6": []byte("xyz"), "x7": "text",
		"x8": "B", "x9": [3]byte{1, 2, 3}, "xa": []any{"a", "", "b"}, "xb": object{"k": int64(9)}, "xc": "some",
		"xd": object{"next": object{"x.R": object{"next": nil}}}, "xe": []any{nil, nil, nil},
	})
	return o
}

// fileFlow is a record and its fields, for schemas that change the fields.
func fileFlow() (*sysflow.FileFlow, object) {
	f := &sysflow.FileFlow{
		ProcOID: sysflow.OID{CreateTS: 1_700_000_000_000_000_000, HPID: 4711}, TS: 5, TID: 6, OpFlags: 128,
		OpenFlags: 1, EndTS: 1 << 62, FileOID: sysflow.NewFOID("", "/x"), FD: -1,
		Counters: sysflow.Counters{NumRRecvOps: 1, NumWSendOps: 2, NumRRecvBytes: 3, NumWSendBytes: 4},
	}
	_, o := generic(f)
	return f, o
}

func TestSchemaEvolution(t *testing.T) {
	const flow = "sysflow.flow.FileFlow"
	want, plain := fileFlow()
	without := *want
	without.FD, without.OpenFlags = 0, 0
	swapped := `{"type":"record","namespace":"sysflow.type","name":"OID","fields":[{"name":"hpid","type":["null","long"]},` +
		`{"name":"more","type":"string"},{"name":"createTS","type":"long"}]}`
	oidText := `{"type":"record","namespace":"sysflow.type","name":"OID","fields":[{"name":"createTS","type":"long"},{"name":"hpid","type":"long"}]}`
	fd := `"type":"sysflow.type.FOID"},{"name":"fd","type":"int"},`
	with := func(o object, kv ...any) object {
		c := maps.Clone(o)
		for i := 0; i < len(kv); i += 2 {
			c[kv[i].(string)] = kv[i+1]
		}
		return c
	}
	for name, tt := range map[string]struct {
		edits []string
		in    object
		out   sysflow.FileFlow
	}{
		"unknown fields": {[]string{fd, fd + extraFields}, extraValues(with(plain)), *want},
		"no fd": {[]string{fd, `"type":"sysflow.type.FOID"},`}, plain, sysflow.FileFlow{
			ProcOID: want.ProcOID, TS: 5, TID: 6, OpFlags: 128, OpenFlags: 1, EndTS: 1 << 62, FileOID: want.FileOID, Counters: want.Counters,
		}},
		"optional fields": {[]string{
			fd, `"type":["sysflow.type.FOID","null"]},{"name":"fd","type":["null","int"]},`,
			`"openFlags","type":"int"`, `"openFlags","type":["null","string","int"]`,
		}, with(plain, "fd", nil, "openFlags", nil, "fileOID", object{"sysflow.type.FOID": [20]byte(want.FileOID)}), without},
		"other order of the OID": {[]string{oidText, swapped}, with(plain, "procOID", object{
			"createTS": want.ProcOID.CreateTS, "hpid": want.ProcOID.HPID, "more": "text",
		}), *want},
		"wider numbers": {[]string{
			`"FileFlow","fields":[{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},{"name":"tid","type":"long"},{"name":"opFlags","type":"int"}`,
			`"FileFlow","fields":[{"name":"opFlags","type":"long"},{"name":"procOID","type":"sysflow.type.OID"},{"name":"ts","type":"long"},{"name":"tid","type":"int"}`,
		}, with(plain, "opFlags", int64(128), "tid", 6), *want},
		"fields around rec": {[]string{`"fields":[{"name":"rec",`, `"fields":[{"name":"seq","type":"string"},{"name":"rec",`, `]}]}]}`, `]}]},{"name":"crc","type":"int"}]}`}, plain, *want},
	} {
		t.Run(name, func(t *testing.T) {
			in := rec(flow, tt.in)
			in["seq"], in["crc"] = "before", 9
			got, err := read(bytes.NewReader(written(t, evolve(t, tt.edits...), in, in)))
			require.NoError(t, err)
			require.Equal(t, []sysflow.Record{&tt.out, &tt.out}, got)
		})
	}
}

// TestEnumsByName: symbols are matched by name, in whatever order; unknown ones have a
// catch-all where the schema has one.
func TestEnumsByName(t *testing.T) {
	const containers = `"CT_DOCKER","CT_LXC","CT_LIBVIRT_LXC","CT_MESOS","CT_RKT","CT_CUSTOM","CT_CRI","CT_CONTAINERD","CT_CRIO","CT_BPM"`
	schema := evolve(t, containers, `"CT_PODMAN","CT_CRIO","CT_DOCKER"`)
	var in []any
	for _, symbol := range []string{"CT_PODMAN", "CT_CRIO", "CT_DOCKER"} {
		in = append(in, rec("sysflow.entity.Container", object{
			"id": "", "name": "", "image": "", "imageid": "", "privileged": false, "podId": nil, "type": symbol,
		}))
	}
	got, err := read(bytes.NewReader(written(t, schema, in...)))
	require.NoError(t, err)
	var types []sysflow.ContainerType
	for _, r := range got {
		types = append(types, r.(*sysflow.Container).Type)
	}
	require.Equal(t, []sysflow.ContainerType{sysflow.ContainerCustom, sysflow.ContainerCRIO, sysflow.ContainerDocker}, types)
}

// TestPodmanOfUpstream: upstream writes container types that the schema has no symbol for.
func TestPodmanOfUpstream(t *testing.T) {
	got, err := read(bytes.NewReader(file(avro.SchemaV5, "null", block{1, "\x02\x00\x00\x00\x00\x16\x00\x00", ""})))
	require.NoError(t, err)
	require.Equal(t, []sysflow.Record{&sysflow.Container{Type: sysflow.ContainerCustom}}, got)
}

// TestHeaderOfOldVersions: fields that a version lacks are zero.
func TestHeaderOfOldVersions(t *testing.T) {
	schema := evolve(t, `,{"name":"ip","type":"string","default":"NA"},{"name":"filename","type":"string"}`, "")
	data := file(schema, "null", block{1, "\x00\xd0\x0f\x02a", ""})
	r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{})
	require.NoError(t, err)
	require.Zero(t, r.Version())
	got, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, &sysflow.Header{Version: 1000, Exporter: "a"}, got)
	require.EqualValues(t, 1000, r.Version())
}

func TestSchemasThatDoNotFit(t *testing.T) {
	for name, tt := range map[string]struct {
		edits []string
		text  string
	}{
		"no rec":            {[]string{`{"name":"rec"`, `{"name":"record"`}, "no field rec"},
		"missing field":     {[]string{`{"name":"exporter","type":"string"},`, ""}, "SFHeader has no field exporter"},
		"number for string": {[]string{`"exporter","type":"string"`, `"exporter","type":"long"`}, "field exporter of sysflow.entity.SFHeader"},
		"long FOID":         {[]string{`"size":20`, `"size":32`}, "want fixed of 20 bytes"},
		"string for OID":    {[]string{`"procOID","type":"sysflow.type.OID"`, `"procOID","type":"string"`}, "field procOID"},
		"float for int":     {[]string{`"uid","type":"int"`, `"uid","type":"float"`}, "field uid"},
		"union without fit": {[]string{`"uid","type":"int"`, `"uid","type":["null","float"]`}, "no branch of the union fits"},
		"array of int":      {[]string{`"env","type":{"type":"array","items":"string"}`, `"env","type":{"type":"array","items":"int"}`}, "field env"},
		"string for array":  {[]string{`"env","type":{"type":"array","items":"string"}`, `"env","type":"string"`}, "want array"},
		"array for map":     {[]string{`"labels","type":{"type":"map","values":"string"}`, `"labels","type":"string"`}, "want map"},
		"int for enum":      {[]string{`"state","type":"sysflow.type.SFObjectState"`, `"state","type":"int"`}, "want enum"},
		"other name":        {[]string{`"name":"SysFlow"`, `"name":"SysFlows"`}, "want record sysflow.SysFlow"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(bytes.NewReader(file(evolve(t, tt.edits...), "null")))
			require.ErrorIs(t, err, avro.ErrSchema)
			require.ErrorContains(t, err, tt.text)
		})
	}
}

// TestForeignBranchOfUnion: a record type that we do not know is no error until it occurs.
func TestForeignBranchOfUnion(t *testing.T) {
	schema := evolve(t, `]}]}]}`, `]},{"type":"record","name":"sysflow.event.New","fields":[]}]}]}`)
	got, err := read(bytes.NewReader(file(schema, "null", block{2, header(6) + "\x18", ""})))
	require.Len(t, got, 1)
	require.ErrorIs(t, err, avro.ErrUnknownBranch)
	require.ErrorContains(t, err, "union branch 12 is record sysflow.event.New")
}

// TestHostileSkips: values that are skipped can neither exhaust the stack nor loop forever.
func TestHostileSkips(t *testing.T) {
	field := func(typ string) string {
		return evolve(t, `"SFHeader","fields":[`, `"SFHeader","fields":[{"name":"x","type":`+typ+`},`)
	}
	deep := field(`{"type":"record","name":"x.R","fields":[{"name":"next","type":["null","x.R"]}]}`)
	_, err := read(bytes.NewReader(file(deep, "null", block{1, "\x00" + strings.Repeat("\x02", 1<<20), ""})))
	require.ErrorIs(t, err, avro.ErrCorruptBlock)
	require.ErrorContains(t, err, "nested deeper")

	// each type holds the next one twice: 2^40 values, none of which has a byte
	doubling := `{"type":"record","name":"x.R0","fields":[]}`
	for i := range 40 {
		doubling = fmt.Sprintf(`{"type":"record","name":"x.R%d","fields":[{"name":"a","type":%s},{"name":"b","type":"x.R%d"}]}`, i+1, doubling, i)
	}
	_, err = read(bytes.NewReader(file(field(doubling), "null", block{1, header(5), ""})))
	require.NoError(t, err)

	loop := field(`{"type":"record","name":"x.R","fields":[{"name":"self","type":"x.R"}]}`)
	_, err = read(bytes.NewReader(file(loop, "null", block{1, header(5), ""})))
	require.ErrorIs(t, err, avro.ErrCorruptBlock)
}
