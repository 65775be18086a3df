package avro_test

import (
	"bytes"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// The types of hamba's fastest way to decode flows: structs, found by reflection.
type (
	hambaOID struct {
		CreateTS int64 `avro:"createTS"`
		HPID     int64 `avro:"hpid"`
	}
	hambaCounters struct {
		NumRRecvOps   int64 `avro:"numRRecvOps"`
		NumWSendOps   int64 `avro:"numWSendOps"`
		NumRRecvBytes int64 `avro:"numRRecvBytes"`
		NumWSendBytes int64 `avro:"numWSendBytes"`
	}
	hambaFlow struct {
		ProcOID hambaOID `avro:"procOID"`
		TS      int64    `avro:"ts"`
		TID     int64    `avro:"tid"`
		OpFlags int32    `avro:"opFlags"`
		EndTS   int64    `avro:"endTs"`
		FD      int32    `avro:"fd"`
	}
	hambaFileFlow struct {
		hambaFlow
		hambaCounters
		OpenFlags int32    `avro:"openFlags"`
		FileOID   [20]byte `avro:"fileOID"`
	}
	hambaNetworkFlow struct {
		hambaFlow
		hambaCounters
		SIP   int32 `avro:"sip"`
		SPort int32 `avro:"sport"`
		DIP   int32 `avro:"dip"`
		DPort int32 `avro:"dport"`
		Proto int32 `avro:"proto"`
	}
)

// BenchmarkHamba is what BenchmarkDecode is measured against: the same file, read by hamba's
// container reader, which decodes by reflection.
func BenchmarkHamba(b *testing.B) {
	typed := hamba.Config{PartialUnionTypeResolution: true}.Freeze()
	typed.Register("sysflow.flow.FileFlow", hambaFileFlow{})
	typed.Register("sysflow.flow.NetworkFlow", hambaNetworkFlow{})
	for _, bench := range []struct {
		name string
		api  hamba.API
	}{
		{"maps", hamba.Config{}.Freeze()},
		{"structs", typed},
	} {
		b.Run(bench.name, func(b *testing.B) {
			data := write(b, avro.WriterOptions{Codec: "null"}, flowRecords(benchRecords))
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				dec, err := ocf.NewDecoder(bytes.NewReader(data), ocf.WithDecoderConfig(bench.api), ocf.WithDecoderSchemaCache(&hamba.SchemaCache{}))
				require.NoError(b, err)
				var rec struct {
					Rec any `avro:"rec"`
				}
				for dec.HasNext() {
					if err := dec.Decode(&rec); err != nil {
						b.Fatal(err)
					}
				}
				require.NoError(b, dec.Error())
			}
			b.ReportMetric(float64(b.N)*benchRecords/b.Elapsed().Seconds(), "records/s")
		})
	}
}
