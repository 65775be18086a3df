package avro_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

const marker = "0123456789abcdef"

// containerHeader builds the header of a container file with two metadata entries, which need not
// be those of SysFlow.
func containerHeader(withSize bool) []byte {
	b := []byte("Obj\x01")
	var entries []byte
	for _, s := range []string{"avro.codec", "bzip2", "avro.schema", `"long"`} {
		entries = append(binary.AppendVarint(entries, int64(len(s))), s...)
	}
	if withSize {
		b = binary.AppendVarint(binary.AppendVarint(b, -2), int64(len(entries)))
	} else {
		b = binary.AppendVarint(b, 2)
	}
	return append(append(append(b, entries...), 0), marker...)
}

func TestReadMarker(t *testing.T) {
	for _, withSize := range []bool{false, true} {
		header := containerHeader(withSize)
		got, err := avro.ReadMarker(bytes.NewReader(append(header, "blocks"...)))
		require.NoError(t, err)
		assert.Equal(t, marker, string(got[:]))
		for cut := range header {
			_, err := avro.ReadMarker(bytes.NewReader(header[:cut]))
			require.ErrorIs(t, err, avro.ErrTruncated, "cut at %d", cut)
		}
	}
	_, err := avro.ReadMarker(bytes.NewReader([]byte("not avro at all")))
	require.ErrorIs(t, err, avro.ErrNotContainer)
	broken := errors.New("broken")
	_, err = avro.ReadMarker(io.MultiReader(bytes.NewReader(containerHeader(false)[:9]), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
}

// TestReadMarkerOfTrace: it is what the writer ends its blocks with.
func TestReadMarkerOfTrace(t *testing.T) {
	data := write(t, avro.WriterOptions{}, generated(1, 100))
	got, err := avro.ReadMarker(bytes.NewReader(data))
	require.NoError(t, err)
	assert.Equal(t, string(data[len(data)-len(got):]), string(got[:]))
}

func FuzzReadMarker(f *testing.F) {
	f.Add(containerHeader(false))
	f.Add(containerHeader(true))
	f.Add([]byte("Obj\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		marker, err := avro.ReadMarker(bytes.NewReader(data))
		if err == nil && !bytes.Contains(data, marker[:]) {
			t.Errorf("the marker %x is not in the data", marker)
		}
	})
}
