package avro_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

const testSync = "0123456789abcdef"

// block is a block of a hand-made container file.
type block struct {
	records int64
	data    string
	sync    string // testSync when empty
}

// file puts a container file together.
func file(schema, codec string, blocks ...block) []byte {
	b := []byte("Obj\x01")
	b = binary.AppendVarint(b, 2)
	for _, s := range []string{"avro.codec", codec, "avro.schema", schema} {
		b = append(binary.AppendVarint(b, int64(len(s))), s...)
	}
	b = append(b, 0)
	b = append(b, testSync...)
	for _, bl := range blocks {
		b = binary.AppendVarint(b, bl.records)
		b = append(binary.AppendVarint(b, int64(len(bl.data))), bl.data...)
		if bl.sync == "" {
			bl.sync = testSync
		}
		b = append(b, bl.sync...)
	}
	return b
}

// header is a plain Header record of a version, with empty strings.
func header(version int64) string {
	return string(append(binary.AppendVarint([]byte{0}, version), 0, 0, 0))
}

func deflated(s string) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return b.String()
}

func TestReaderFaults(t *testing.T) {
	ok := block{1, header(5), ""}
	offset := int64(len(file(avro.SchemaV5, "null", ok)))
	v5 := func(blocks ...block) []byte { return file(avro.SchemaV5, "null", append([]block{ok}, blocks...)...) }
	for name, tt := range map[string]struct {
		data    []byte
		records int
		cause   error
		text    string
	}{
		"empty":              {nil, 0, avro.ErrTruncated, "file header"},
		"text":               {[]byte("hello world"), 0, avro.ErrNotContainer, `begins with "hell"`},
		"short text":         {[]byte("he"), 0, avro.ErrNotContainer, "begins with"},
		"only magic":         {[]byte("Obj\x01"), 0, avro.ErrTruncated, "file header"},
		"no schema":          {[]byte("Obj\x01\x00" + testSync), 0, avro.ErrSchema, "no avro.schema"},
		"huge metadata":      {append([]byte("Obj\x01\x02"), binary.AppendVarint(nil, 1<<40)...), 0, avro.ErrNotContainer, "metadata of more than"},
		"unknown codec":      {file(avro.SchemaV5, "lzma"), 0, avro.ErrNotContainer, `unknown codec "lzma"`},
		"schema is no JSON":  {file("{", "null"), 0, avro.ErrSchema, ""},
		"foreign record":     {file(`{"type":"record","name":"x.Y","fields":[]}`, "null"), 0, avro.ErrSchema, "record x.Y"},
		"foreign primitive":  {file(`"string"`, "null"), 0, avro.ErrSchema, "top-level type is string"},
		"sync":               {v5(block{1, header(5), strings.Repeat("x", 16)}, ok), 1, avro.ErrCorruptBlock, "sync marker"},
		"negative count":     {v5(block{-1, header(5), ""}), 1, avro.ErrCorruptBlock, "claims -1 records"},
		"too many records":   {v5(block{1 << 50, header(5), ""}), 1, avro.ErrCorruptBlock, "records in 5 plain bytes"},
		"too few records":    {v5(block{1, header(5) + header(5), ""}), 2, avro.ErrCorruptBlock, "5 bytes behind its last record"},
		"record cut":         {v5(block{2, header(5) + "\x00\x0a", ""}), 2, avro.ErrCorruptBlock, "behind the end of its block"},
		"huge string":        {v5(block{1, "\x00\x0a\xfe\xff\xff\xff\xff\x01", ""}), 1, avro.ErrCorruptBlock, "string of"},
		"branch 12":          {v5(block{2, header(5) + "\x18\x00", ""}), 2, avro.ErrUnknownBranch, "union branch 12 of a union of 12"},
		"negative branch":    {v5(block{1, "\x01\x00", ""}), 1, avro.ErrUnknownBranch, "union branch -1"},
		"bad boolean":        {v5(block{1, "\x02\x00\x00\x00\x00\x00\x07\x00", ""}), 1, avro.ErrCorruptBlock, "boolean with value 7"},
		"bad state":          {v5(block{1, "\x06\x08" + strings.Repeat("\x00", 24), ""}), 1, avro.ErrCorruptBlock, "enum value 4"},
		"number over 64 bit": {v5(block{1, "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x00\x00\x00", ""}), 1, avro.ErrCorruptBlock, "64 bits"},
		"bad inflate":        {file(avro.SchemaV5, "deflate", block{1, deflated(header(5)), ""}, block{1, "\xff\xff\xff", ""}), 1, avro.ErrCorruptBlock, "expanding"},
		"cut inflate":        {file(avro.SchemaV5, "deflate", block{1, deflated(header(5))[:4], ""}), 0, avro.ErrCorruptBlock, "expanding"},
		"inflate bomb":       {file(avro.SchemaV5, "deflate", block{1, deflated(strings.Repeat("\x00", 20<<20)), ""}), 0, avro.ErrCorruptBlock, "limit of 16777216"},
		"snappy checksum":    {file(avro.SchemaV5, "snappy", block{1, "\x01\x00\x00abcd", ""}), 0, avro.ErrCorruptBlock, "checksum"},
		"snappy short":       {file(avro.SchemaV5, "snappy", block{1, "ab", ""}), 0, avro.ErrCorruptBlock, "checksum"},
		"snappy bomb":        {file(avro.SchemaV5, "snappy", block{1, "\xff\xff\xff\xff\x0fabcd", ""}), 0, avro.ErrCorruptBlock, "limit of"},
		"zstandard":          {file(avro.SchemaV5, "zstandard", block{1, "abcdefgh", ""}), 0, avro.ErrCorruptBlock, "expanding"},
		"million arguments": {
			file(avro.SchemaV5, "deflate", block{1, deflated("\x08\x00\x00\x00\x00\x00" + string(binary.AppendVarint(nil, 2<<20)) + strings.Repeat("\x00", 3<<20)), ""}), 0,
			avro.ErrCorruptBlock, "more than 1048576 items",
		},
		"huge block": {
			append(v5(), append(binary.AppendVarint([]byte{2}, 1<<40), "abc"...)...), 1, avro.ErrCorruptBlock, "more than the limit",
		},
	} {
		t.Run(name, func(t *testing.T) {
			recs, err := read(bytes.NewReader(tt.data))
			require.Len(t, recs, tt.records)
			require.ErrorIs(t, err, tt.cause)
			require.ErrorContains(t, err, tt.text)
			var e *avro.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "test.sf", e.Name)
			assert.Contains(t, err.Error(), "test.sf")
			assert.EqualValues(t, tt.records, e.Record)
			if e.Offset > 0 && tt.data[len("Obj\x01")+13] == 'n' { // null codec: one good block before
				assert.Equal(t, offset, e.Offset)
			}
		})
	}
}

// TestErrorSticks: after an error the reader stays where it is.
func TestErrorSticks(t *testing.T) {
	r, err := avro.NewReader(bytes.NewReader(file(avro.SchemaV5, "null", block{1, "\x18", ""}, block{1, header(5), ""})), avro.ReaderOptions{})
	require.NoError(t, err)
	_, first := r.Next()
	require.ErrorIs(t, first, avro.ErrUnknownBranch)
	_, second := r.Next()
	require.Equal(t, first, second)
	require.Zero(t, r.Records())
}

// TestTruncatedAnywhere cuts a file at each byte: all whole blocks are delivered.
func TestTruncatedAnywhere(t *testing.T) {
	recs := generated(1, 60)
	for _, codec := range []string{"null", "deflate"} {
		data := write(t, avro.WriterOptions{Codec: codec, BlockSize: 500}, recs)
		ends := blockEnds(t, data)
		require.Greater(t, len(ends), 5)
		for cut := range data {
			got, err := read(bytes.NewReader(data[:cut]))
			if records, ok := ends[cut]; ok {
				require.NoError(t, err, "cut at %d", cut)
				require.Len(t, got, records)
			} else {
				require.ErrorIs(t, err, avro.ErrTruncated, "cut at %d", cut)
				require.Equal(t, recs[:len(got)], append([]sysflow.Record{}, got...))
				require.Len(t, got, lastBefore(ends, cut))
			}
		}
	}
}

// blockEnds maps the offset behind each block (and behind the file header) to the number
// of records before it, by a walk over the file that shares nothing with the reader.
func blockEnds(t *testing.T, data []byte) map[int]int {
	t.Helper()
	head := len(write(t, avro.WriterOptions{}, nil))
	if bytes.Contains(data[:40], []byte("null")) {
		head -= len("deflate") - len("null")
	}
	sync := data[head-16 : head]
	ends := map[int]int{}
	for pos := head; ; {
		got, err := read(bytes.NewReader(data[:pos]))
		require.NoError(t, err)
		ends[pos] = len(got)
		next := bytes.Index(data[pos:], sync)
		if next < 0 {
			return ends
		}
		pos += next + len(sync)
	}
}

func lastBefore(ends map[int]int, cut int) int {
	best, records := 0, 0
	for end, n := range ends {
		if end <= cut && end >= best {
			best, records = end, n
		}
	}
	return records
}

// TestInputFailureIsNoDataError: an I/O error comes through as it is.
func TestInputFailureIsNoDataError(t *testing.T) {
	data := write(t, avro.WriterOptions{BlockSize: 100}, generated(1, 100))
	failure := errors.New("disk on fire")
	for _, cut := range []int{0, 10, 7000} {
		_, err := read(io.MultiReader(bytes.NewReader(data[:cut]), iotest.ErrReader(failure)))
		require.ErrorIs(t, err, failure)
		var e *avro.Error
		require.NotErrorAs(t, err, &e)
		require.ErrorContains(t, err, "test.sf")
	}
}

// TestOneByteAtATime: the reader does not depend on how the input is cut into reads.
func TestOneByteAtATime(t *testing.T) {
	recs := generated(2, 300)
	data := write(t, avro.WriterOptions{BlockSize: 1000}, recs)
	got, err := read(iotest.OneByteReader(bytes.NewReader(data)))
	require.NoError(t, err)
	require.Equal(t, recs, got)
}
