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
	f.Add(write(f, avro.WriterOptions{Version: sysflow.SchemaV6, Codec: "null", BlockSize: 700}, generatedV6(1, 60)))
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
	for _, v := range versions {
		head := len(file(v.schema, "null"))
		for seed := range uint64(3) {
			data := write(f, avro.WriterOptions{Version: v.number, Codec: "null", BlockSize: 1 << 20}, v.generated(seed, 50))
			f.Add(v.number, data[head+3:len(data)-16])
		}
		f.Add(v.number, []byte(header(5)))
	}
	f.Fuzz(func(t *testing.T, version int, data []byte) {
		schema := avro.SchemaV5
		if version == sysflow.SchemaV6 {
			schema = avro.SchemaV6
		}
		n := int64(len(data)) // more than there are; the reader stops at the end of the data
		r, err := avro.NewReader(bytes.NewReader(file(schema, "null", block{n, string(data), ""})), avro.ReaderOptions{})
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

// checkRecords writes what is read in both versions and reads it again. Version 5 may leave
// records out, but not without counting them.
func checkRecords(t *testing.T, r *avro.Reader) {
	t.Helper()
	var v5, v6 bytes.Buffer
	w5, err5 := avro.NewWriter(&v5, avro.WriterOptions{Codec: "null"})
	w6, err6 := avro.NewWriter(&v6, avro.WriterOptions{Codec: "null", Version: sysflow.SchemaV6})
	if err := errors.Join(err5, err6); err != nil {
		t.Fatal(err)
	}
	var kinds5, kinds6 []sysflow.Kind
	rec, err := r.Next()
	for ; err == nil; rec, err = r.Next() {
		if err = errors.Join(w5.Write(rec), w6.Write(rec)); err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		if w5.Records() > int64(len(kinds5)) {
			kinds5 = append(kinds5, rec.Kind())
		}
		kinds6 = append(kinds6, rec.Kind())
	}
	if !errors.Is(err, io.EOF) {
		checkError(t, err)
	}
	if w5.Records()+w5.Unwritable() != w6.Records() {
		t.Fatalf("version 5 took %d records and left out %d of %d", w5.Records(), w5.Unwritable(), w6.Records())
	}
	if err = errors.Join(w5.Close(), w6.Close()); err != nil {
		t.Fatal(err)
	}
	checkKinds(t, &v5, kinds5)
	checkKinds(t, &v6, kinds6)
}

func checkKinds(t *testing.T, trace io.Reader, kinds []sysflow.Kind) {
	t.Helper()
	again, err := read(trace)
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
