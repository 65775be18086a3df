package avro_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/require"
)

// wrapSchema makes every field, item and map value optional, and puts an unknown field before
// each field: the least plain form of the schema.
func wrapSchema(s any, n *int) any {
	o, ok := s.(map[string]any)
	if !ok {
		return s
	}
	switch o["type"] {
	case "record":
		var fields []any
		for _, f := range o["fields"].([]any) {
			f := f.(map[string]any)
			delete(f, "default")
			*n++
			fields = append(fields, object{"name": fmt.Sprintf("x%d", *n), "type": "string"},
				object{"name": f["name"], "type": wrapType(f["type"], n)})
		}
		o["fields"] = fields
	case "array":
		o["items"] = wrapType(o["items"], n)
	case "map":
		o["values"] = wrapType(o["values"], n)
	}
	return o
}

// wrapType puts a type into a union behind null and a type that does not fit.
func wrapType(s any, n *int) any {
	if union, ok := s.([]any); ok { // of null and something: the other way round
		return []any{wrapSchema(union[1], n), "null"}
	}
	return []any{"null", "double", wrapSchema(s, n)}
}

// wrapValue is the value for the wrapped form of a schema.
func wrapValue(s hamba.Schema, v any) any {
	if r, ok := s.(*hamba.RefSchema); ok {
		s = r.Schema()
	}
	switch s := s.(type) {
	case *hamba.UnionSchema:
		for _, t := range s.Types() {
			if t.Type() != hamba.Null && t.Type() != hamba.Double {
				if v == nil {
					return nil
				}
				return wrapUnion(t, v)
			}
		}
	case *hamba.RecordSchema:
		out := object{}
		for _, f := range s.Fields() {
			if value, ok := v.(object)[f.Name()]; ok {
				out[f.Name()] = wrapValue(f.Type(), value)
			} else {
				out[f.Name()] = "unknown to the reader"
			}
		}
		return out
	case *hamba.ArraySchema:
		out := []any{}
		for _, item := range v.([]any) {
			out = append(out, wrapValue(s.Items(), item))
		}
		return out
	case *hamba.MapSchema:
		out := object{}
		for k, item := range v.(object) {
			out[k] = wrapValue(s.Values(), item)
		}
		return out
	}
	return v
}

// wrapUnion names the branch as a generic writer wants it.
func wrapUnion(t hamba.Schema, v any) any {
	if r, ok := t.(*hamba.RefSchema); ok {
		t = r.Schema()
	}
	if named, ok := t.(hamba.NamedSchema); ok {
		if o, ok := v.(object); ok && o[named.FullName()] != nil { // was optional before
			v = o[named.FullName()]
		}
		return object{named.FullName(): wrapValue(t, v)}
	}
	return object{string(t.Type()): wrapValue(t, v)}
}

// TestEverythingWrapped reads records of all kinds in which nothing is where the schema
// has it.
func TestEverythingWrapped(t *testing.T) {
	for name, v := range versions {
		t.Run(name, func(t *testing.T) { testWrapped(t, v) })
	}
}

func testWrapped(t *testing.T, v version) {
	var schema object
	require.NoError(t, json.Unmarshal([]byte(v.schema), &schema))
	rec := schema["fields"].([]any)[0].(object)
	n := 0
	for i, branch := range rec["type"].([]any) {
		rec["type"].([]any)[i] = wrapSchema(branch, &n)
	}
	text, err := json.Marshal(schema)
	require.NoError(t, err)
	parsed, err := hamba.ParseBytesWithCache(text, "", &hamba.SchemaCache{})
	require.NoError(t, err)
	types := map[string]hamba.Schema{}
	for _, b := range parsed.(*hamba.RecordSchema).Fields()[0].Type().(*hamba.UnionSchema).Types() {
		types[b.(hamba.NamedSchema).FullName()] = b
	}

	recs := v.generated(11, 1500)
	var buf bytes.Buffer
	enc, err := ocf.NewEncoder(string(text), &buf, ocf.WithEncoderSchemaCache(&hamba.SchemaCache{}),
		ocf.WithEncodingConfig(hamba.Config{}.Freeze())) // its own: unions of types of equal names are taken for equal
	require.NoError(t, err)
	for _, r := range v.asWritten(recs) {
		name, fields := v.generic(r)
		require.NoError(t, enc.Encode(object{"rec": object{name: wrapValue(types[name], fields)}}), name)
	}
	require.NoError(t, enc.Close())
	got, err := read(&buf)
	require.NoError(t, err)
	require.Equal(t, recs, got)
}
