package avro_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

func TestRoundTrip(t *testing.T) {
	for name, v := range versions {
		recs := v.generated(1, 5000)
		for _, opts := range []avro.WriterOptions{
			{},
			{Level: 1},
			{Level: 9, BlockSize: 1},
			{Codec: "null"},
			{Codec: "null", BlockSize: 1 << 20},
			{Codec: "snappy"},
			{Codec: "zstd"},
			{Codec: "zstd", Level: 3, BlockSize: 1000},
		} {
			opts.Version = v.number
			t.Run(fmt.Sprintf("%s/%+v", name, opts), func(t *testing.T) {
				got, err := read(bytes.NewReader(write(t, opts, recs)))
				require.NoError(t, err)
				require.Len(t, got, len(recs))
				for i := range recs {
					require.Equal(t, recs[i], got[i], "record %d", i)
				}
			})
		}
	}
}
