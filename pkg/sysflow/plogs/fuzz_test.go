package plogs

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// FuzzDecoder feeds the decoder and the ledger with whatever OTLP can carry, and what
// comes out into an encoder again.
func FuzzDecoder(f *testing.F) {
	var proto plog.ProtoMarshaler
	seeds := edges()
	seeds["generated"] = sysflowtest.Records(rand.New(rand.NewPCG(1, 2)), 60)
	seeds["version 6"] = sysflowtest.RecordsV6(rand.New(rand.NewPCG(1, 2)), 60)
	for _, recs := range seeds {
		e := NewEncoder(EncoderOptions{})
		for _, rec := range recs {
			e.Add(rec)
		}
		buf, err := proto.MarshalLogs(e.Take())
		require.NoError(f, err)
		f.Add(buf)
	}
	f.Fuzz(func(t *testing.T, buf []byte) {
		ld, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(buf)
		if err != nil {
			return
		}
		d, l, e := NewDecoder(), NewLedger(), NewEncoder(EncoderOptions{})
		n := int64(0)
		err = d.Decode(ld, func(o *Observation) error {
			n++
			if n%3 == 0 {
				l.NewFile()
			}
			return l.Write(o, func(rec sysflow.Record) error {
				e.Add(rec)
				return nil
			})
		})
		require.NoError(t, err)
		require.Equal(t, int64(ld.LogRecordCount()), n+d.Skipped())
		again := NewDecoder()
		require.NoError(t, again.Decode(e.Take(), func(*Observation) error { return nil }))
		require.Zero(t, again.Skipped(), "the encoder writes nothing that the decoder does not know")
		require.Zero(t, again.Ignored())
	})
}
