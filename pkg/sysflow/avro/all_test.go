package avro_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// TestAll: a trace yields its records, then at most one fault.
func TestAll(t *testing.T) {
	var trace bytes.Buffer
	w, err := avro.NewWriter(&trace, avro.WriterOptions{})
	require.NoError(t, err)
	for pid := range int64(3) {
		require.NoError(t, w.Write(&sysflow.Process{OID: sysflow.OID{HPID: pid}}))
	}
	require.NoError(t, w.Flush())
	whole := trace.Len()
	require.NoError(t, w.Write(&sysflow.Process{OID: sysflow.OID{HPID: 3}}))
	require.NoError(t, w.Close())

	records, faults := count(t, trace.Bytes())
	assert.Equal(t, []int{4, 0}, []int{records, faults})
	records, faults = count(t, trace.Bytes()[:whole+3])
	assert.Equal(t, []int{3, 1}, []int{records, faults})

	r, err := avro.NewReader(&trace, avro.ReaderOptions{})
	require.NoError(t, err)
	for _, err := range r.All() {
		require.NoError(t, err)
		break
	}
	assert.EqualValues(t, 1, r.Records(), "the reader goes on where the loop ended")
}

// count reads a trace up to its first fault.
func count(t *testing.T, data []byte) (records, faults int) {
	t.Helper()
	r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{})
	require.NoError(t, err)
	for rec, err := range r.All() {
		if err != nil {
			require.ErrorIs(t, err, avro.ErrTruncated)
			assert.Nil(t, rec)
			faults++
			continue
		}
		records++
	}
	return records, faults
}
