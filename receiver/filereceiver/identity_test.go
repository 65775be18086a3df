package filereceiver

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const marker = "0123456789abcdef"

// containerHeader builds the header of a container file with two metadata entries.
func containerHeader(withSize bool) []byte {
	b := []byte(containerMagic)
	var entries []byte
	for _, s := range []string{"avro.codec", "null", "avro.schema", `"long"`} {
		entries = append(binary.AppendVarint(entries, int64(len(s))), s...)
	}
	if withSize {
		b = binary.AppendVarint(binary.AppendVarint(b, -2), int64(len(entries)))
	} else {
		b = binary.AppendVarint(b, 2)
	}
	return append(append(append(b, entries...), 0), marker...)
}

func TestSyncMarker(t *testing.T) {
	for _, withSize := range []bool{false, true} {
		header := containerHeader(withSize)
		got, err := syncMarker(bytes.NewReader(append(header, "blocks"...)))
		require.NoError(t, err)
		assert.Equal(t, marker, string(got[:]))
		for cut := range header {
			_, err := syncMarker(bytes.NewReader(header[:cut]))
			require.ErrorIs(t, err, errNoSyncMarker, "cut at %d", cut)
		}
	}
	_, err := syncMarker(bytes.NewReader([]byte("not avro at all")))
	require.ErrorIs(t, err, errNoSyncMarker)
}

func FuzzSyncMarker(f *testing.F) {
	f.Add(containerHeader(false))
	f.Add(containerHeader(true))
	f.Add([]byte(containerMagic + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		marker, err := syncMarker(bytes.NewReader(data))
		if err == nil && !bytes.Contains(data, marker[:]) {
			t.Errorf("the marker %x is not in the data", marker)
		}
	})
}
