package avro_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

func sortInts(v []int) { slices.Sort(v) }

// TestFlowsDoNotAllocate: decoding an event or flow costs no allocation.
func TestFlowsDoNotAllocate(t *testing.T) {
	r, err := avro.NewReader(bytes.NewReader(write(t, avro.WriterOptions{Codec: "null"}, flowRecords(20_000))), avro.ReaderOptions{})
	require.NoError(t, err)
	for range 2000 {
		_, err = r.Next()
		require.NoError(t, err)
	}
	assert.Zero(t, testing.AllocsPerRun(10_000, func() { _, err = r.Next() }))
	require.NoError(t, err)
}

// endless repeats the blocks of a file n times.
type endless struct {
	blocks []byte
	at     *bytes.Reader
	n      int
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.at.Read(p); !errors.Is(err, io.EOF) {
		return n, err
	}
	if e.n == 0 {
		return 0, io.EOF
	}
	e.n--
	e.at.Reset(e.blocks)
	return e.at.Read(p)
}

// TestMemoryDoesNotGrowWithTheFile reads two million records.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	recs := generated(4, 20_000)
	data := write(t, avro.WriterOptions{Codec: "snappy"}, recs)
	head := len(write(t, avro.WriterOptions{Codec: "snappy"}, nil))
	in := &endless{at: bytes.NewReader(data[:head]), blocks: data[head:], n: 100}
	r, err := avro.NewReader(in, avro.ReaderOptions{})
	require.NoError(t, err)
	var peak uint64
	for err == nil {
		if r.Records()%400_000 == 1 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if peak == 0 {
				peak = m.HeapAlloc
			}
			assert.Less(t, m.HeapAlloc, peak+16<<20)
		}
		_, err = r.Next()
	}
	require.ErrorIs(t, err, io.EOF)
	require.EqualValues(t, 100*len(recs), r.Records())
}

// TestClaimedLengthsCostNothing: memory is taken as the data comes.
func TestClaimedLengthsCostNothing(t *testing.T) {
	data := append(file(avro.SchemaV5, "null"), "\x02\x80\x80\x80\x0ffoo"...) // claims 15.7 MB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := read(bytes.NewReader(data))
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, avro.ErrTruncated)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3<<20))
}

func TestMaxBlockSize(t *testing.T) {
	for _, codec := range []string{"null", "deflate", "snappy", "zstd"} {
		data := write(t, avro.WriterOptions{Codec: codec}, generated(1, 1000))
		r, err := avro.NewReader(bytes.NewReader(data), avro.ReaderOptions{MaxBlockSize: 50_000})
		require.NoError(t, err)
		_, err = r.Next()
		require.ErrorIs(t, err, avro.ErrCorruptBlock, codec)
		require.ErrorContains(t, err, "limit of 50000", codec)
	}
}
