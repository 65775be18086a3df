package avro

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLong reads numbers of each length, with few and with many bytes behind them.
func TestLong(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	values := []int64{0, -1, 1, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}
	for shift := range 64 {
		values = append(values, 1<<shift, -1<<shift, 1<<shift-1, rng.Int64()>>shift, -rng.Int64()>>shift)
	}
	for _, v := range values {
		b := binary.AppendVarint(nil, v)
		for behind := range 12 {
			var c cursor
			buf := append(append([]byte{}, b...), make([]byte, behind)...)
			for i := range behind {
				buf[len(b)+i] = 0xff
			}
			c.reset(buf)
			require.Equal(t, v, c.long(), "%d with %d bytes behind it", v, behind)
			require.NoError(t, c.err)
			require.Equal(t, behind, c.remaining())
		}
		for cut := range b {
			var c cursor
			c.reset(b[:cut])
			require.Zero(t, c.long())
			require.ErrorIs(t, c.err, ErrCorruptBlock)
		}
	}
}

func TestLongOfTooManyBits(t *testing.T) {
	for _, last := range []byte{2, 0x7f, 0x80, 0xff} {
		for _, behind := range []int{0, 10} {
			var c cursor
			buf := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, last}
			c.reset(append(buf, make([]byte, behind)...))
			require.Zero(t, c.long())
			require.ErrorIs(t, c.err, ErrCorruptBlock)
			require.Zero(t, c.remaining(), "nothing can be read after a fault")
			require.Zero(t, c.bool())
			require.Nil(t, c.bytes())
			require.Zero(t, c.count())
		}
	}
}

func TestIntOfTooManyBits(t *testing.T) {
	for v, ok := range map[int64]bool{math.MaxInt32: true, math.MinInt32: true, math.MaxInt32 + 1: false, math.MinInt32 - 1: false} {
		var c cursor
		c.reset(binary.AppendVarint(nil, v))
		got := c.int()
		if ok {
			require.NoError(t, c.err)
			require.EqualValues(t, v, got)
		} else {
			require.ErrorIs(t, c.err, ErrCorruptBlock)
		}
	}
}

// TestArrayInRuns: an array may come in several runs, with or without sizes in bytes.
func TestArrayInRuns(t *testing.T) {
	d := decoder{strings: interner{}}
	d.reset([]byte("\x02\x02a\x03\x08\x02b\x02c\x00rest"))
	require.Equal(t, []string{"a", "b", "c"}, d.stringList(nil, nil))
	require.Equal(t, 4, d.remaining())
}
