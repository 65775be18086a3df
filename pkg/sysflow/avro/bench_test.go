package avro_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

const benchRecords = 100_000

// flowRecords returns a trace of almost only file and IPv4 network flows.
func flowRecords(n int) []sysflow.Record {
	var entities, flows []sysflow.Record
	for _, r := range generated(3, 1000) {
		switch r := r.(type) {
		case *sysflow.FileFlow:
			flows = append(flows, r)
		case *sysflow.NetworkFlow:
			if r.SIP.Is4() {
				flows = append(flows, r)
			}
		default:
			if r.Kind().IsEntity() {
				entities = append(entities, r)
			}
		}
	}
	for i := 0; len(entities) < n; i++ {
		entities = append(entities, flows[i%len(flows)])
	}
	return entities
}

func BenchmarkDecode(b *testing.B) {
	for _, bench := range []struct {
		name    string
		codec   string
		recs    []sysflow.Record
		version int
	}{
		{"flows/null", "null", flowRecords(benchRecords), 5},
		{"flows/deflate", "deflate", flowRecords(benchRecords), 5},
		{"flows/snappy", "snappy", flowRecords(benchRecords), 5},
		{"flows/zstd", "zstd", flowRecords(benchRecords), 5},
		{"mixed/null", "null", generated(4, benchRecords), 5},
		{"mixed/deflate", "deflate", generated(4, benchRecords), 5},
		{"v6/flows/null", "null", flowRecords(benchRecords), 6},
		{"v6/mixed/null", "null", generatedV6(4, benchRecords), 6},
	} {
		b.Run(bench.name, func(b *testing.B) {
			data := write(b, avro.WriterOptions{Version: bench.version, Codec: bench.codec}, bench.recs)
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{})
				require.NoError(b, err)
				for err == nil {
					_, err = r.Next()
				}
				require.ErrorIs(b, err, io.EOF)
			}
			b.ReportMetric(float64(b.N)*float64(len(bench.recs))/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, codec := range []string{"null", "deflate", "snappy", "zstd"} {
		b.Run(codec, func(b *testing.B) { benchmarkEncode(b, avro.WriterOptions{Codec: codec}, flowRecords(benchRecords)) })
	}
	b.Run("v6/null", func(b *testing.B) {
		benchmarkEncode(b, avro.WriterOptions{Version: sysflow.SchemaV6, Codec: "null"}, flowRecords(benchRecords))
	})
}

func benchmarkEncode(b *testing.B, opts avro.WriterOptions, recs []sysflow.Record) {
	b.ReportAllocs()
	for b.Loop() {
		w, err := avro.NewWriter(io.Discard, opts)
		require.NoError(b, err)
		for _, r := range recs {
			if err := w.Write(r); err != nil {
				b.Fatal(err)
			}
		}
		require.NoError(b, w.Close())
		b.SetBytes(w.Size())
	}
	b.ReportMetric(float64(b.N)*float64(len(recs))/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkOpen measures what a file costs before its first record.
func BenchmarkOpen(b *testing.B) {
	for name, schema := range map[string]string{"v5": avro.SchemaV5, "v6": avro.SchemaV6, "other": avro.SchemaV5 + " "} {
		b.Run(name, func(b *testing.B) {
			data := file(schema, "deflate")
			b.ReportAllocs()
			for b.Loop() {
				_, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{})
				require.NoError(b, err)
			}
		})
	}
}
