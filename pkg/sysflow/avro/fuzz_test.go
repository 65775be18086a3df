package avro_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// FuzzReader: whatever the bytes, the reader ends with io.EOF or an *Error, and what
// it returned can be written and read again.
func FuzzReader(f *testing.F) {
	recs := generated(1, 60)
	for _, codec := range []string{"null", "deflate", "snappy", "zstd"} {
		data := write(f, avro.WriterOptions{Codec: codec, BlockSize: 700}, recs)
		f.Add(data)
		f.Add(data[:len(data)-10])
	}
	null := write(f, avro.WriterOptions{Codec: "null"}, recs)
	for _, at := range []int{0, 20, 500, 6300, len(null) / 2, len(null) - 20} {
		bad := bytes.Clone(null)
		bad[at] ^= 0x11
		f.Add(bad)
	}
	f.Add(file(avro.SchemaV5, "null", block{1, header(1000), ""}))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 20
		r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{MaxBlockSize: limit})
		if err != nil {
			checkError(t, err)
			return
		}
		checkRecords(t, r)
	})
}

// FuzzRecords does the same with the bytes as the plain data of a block, where
// the fuzzer gets at the records directly.
func FuzzRecords(f *testing.F) {
	head := len(file(avro.SchemaV5, "null"))
	for seed := range uint64(3) {
		data := write(f, avro.WriterOptions{Codec: "null", BlockSize: 1 << 20}, generated(seed, 50))
		f.Add(data[head+3 : len(data)-16])
	}
	f.Add([]byte(header(5)))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := int64(len(data)) // more than there are; the reader stops at the end of the data
		r, err := avro.NewReader(bytes.NewReader(file(avro.SchemaV5, "null", block{n, string(data), ""})), avro.ReaderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		checkRecords(t, r)
	})
}

// FuzzSchema varies the schema that the file carries.
func FuzzSchema(f *testing.F) {
	data := write(f, avro.WriterOptions{Codec: "null", BlockSize: 1 << 20}, generated(1, 50))
	head := len(file(avro.SchemaV5, "null"))
	plain := data[head+3 : len(data)-16]
	f.Add(avro.SchemaV5, plain)
	// small enough for the fuzzer to get somewhere
	f.Add(`{"type":"record","name":"sysflow.SysFlow","fields":[{"name":"x","type":["null","string"]},{"name":"rec","type":[`+
		`{"type":"record","name":"sysflow.entity.SFHeader","fields":[{"name":"version","type":"long"},{"name":"exporter","type":"string"}]}]}]}`, []byte("\x00\x00\x0a\x02a"))
	f.Add(`{"type":"record","name":"sysflow.SysFlow","fields":[{"name":"rec","type":{"type":"record","name":"sysflow.flow.ProcessFlow","fields":[`+
		`{"name":"procOID","type":{"type":"record","name":"OID","fields":[{"name":"createTS","type":"long"},{"name":"hpid","type":"int"}]}}]}}]}`, []byte("\x02\x02"))
	f.Fuzz(func(t *testing.T, schema string, data []byte) {
		r, err := avro.NewReader(bytes.NewReader(file(schema, "null", block{int64(len(data)), string(data), ""})), avro.ReaderOptions{})
		if err != nil {
			checkError(t, err)
			return
		}
		checkRecords(t, r)
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*avro.Error](err); !ok {
		t.Fatalf("%T: %v", err, err)
	}
	for _, cause := range []error{avro.ErrNotContainer, avro.ErrSchema, avro.ErrCorruptBlock, avro.ErrTruncated, avro.ErrUnknownBranch} {
		if errors.Is(err, cause) {
			return
		}
	}
	t.Fatalf("error without cause: %v", err)
}

func checkRecords(t *testing.T, r *avro.Reader) {
	t.Helper()
	var buf bytes.Buffer
	w, err := avro.NewWriter(&buf, avro.WriterOptions{Codec: "null"})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []sysflow.Kind
	var rec sysflow.Record
	for rec, err = r.Next(); err == nil; rec, err = r.Next() {
		if err = w.Write(rec); err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		kinds = append(kinds, rec.Kind())
	}
	if !errors.Is(err, io.EOF) {
		checkError(t, err)
	}
	if err = w.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := read(&buf)
	if err != nil {
		t.Fatalf("reading what was written: %v", err)
	}
	if len(again) != len(kinds) {
		t.Fatalf("%d records written, %d read again", len(kinds), len(again))
	}
	for i, rec := range again {
		if rec.Kind() != kinds[i] {
			t.Fatalf("record %d of kind %v came back as %v", i, kinds[i], rec.Kind())
		}
	}
}
