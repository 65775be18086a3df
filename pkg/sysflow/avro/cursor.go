package avro

import (
	"encoding/binary"
	"math/bits"
)

// cursor reads Avro primitives from the plain data of one block. After the first
// fault err is set, every further read returns zero, and nothing is consumed.
type cursor struct {
	buf []byte
	pos int
	err error

	items int // of arrays and maps in the current record
}

// maxItems bounds the items in a record. An item of one byte in the file can take a hundred
// in memory.
const maxItems = 1 << 20

func (c *cursor) reset(buf []byte) { c.buf, c.pos, c.err, c.items = buf, 0, nil, 0 }

func (c *cursor) fail(format string, args ...any) {
	c.stop(corrupt(format, args...))
}

// stop records the first fault and makes all further reads run out of data.
func (c *cursor) stop(err error) {
	if c.err == nil {
		c.err = err
	}
	c.buf, c.pos = nil, 0
}

func (c *cursor) remaining() int { return len(c.buf) - c.pos }

// long reads a zig-zag varint; the wire form of int, long, enum and lengths. Times
// take nine bytes, so eight are looked at in one go where there are enough.
func (c *cursor) long() int64 {
	b := c.buf[c.pos:]
	if len(b) < binary.MaxVarintLen64 {
		return c.longSlow()
	}
	if v := uint64(b[0]); v < 0x80 {
		c.pos++
		return unzigzag(v)
	}
	const more = 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	stop := ^w & more
	if stop == 0 {
		return c.longNine(w)
	}
	c.pos += bits.TrailingZeros64(stop)/8 + 1
	return unzigzag(squeeze(w & (stop ^ (stop - 1)))) // up to the first byte without the top bit
}

// longNine finishes a varint whose first eight bytes are w.
func (c *cursor) longNine(w uint64) int64 {
	v := squeeze(w)
	b8, b9 := uint64(c.buf[c.pos+8]), uint64(c.buf[c.pos+9])
	v |= (b8 & 0x7f) << 56
	if b8 < 0x80 {
		c.pos += 9
		return unzigzag(v)
	}
	if b9 > 1 {
		c.fail("number of more than 64 bits")
		return 0
	}
	c.pos += 10
	return unzigzag(v | b9<<63)
}

// squeeze drops the top bit of each byte of w and closes the gaps.
func squeeze(w uint64) uint64 {
	w = w&0x007f007f007f007f | w&0x7f007f007f007f00>>1
	w = w&0x00003fff00003fff | w&0x3fff00003fff0000>>2
	return w&0x000000000fffffff | w&0x0fffffff00000000>>4
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

func (c *cursor) longSlow() int64 {
	v, n := binary.Varint(c.buf[c.pos:])
	switch {
	case n > 0:
		c.pos += n
		return v
	case n < 0:
		c.fail("number of more than 64 bits")
	default:
		c.fail("record continues behind the end of its block")
	}
	return 0
}

// int reads a number that must fit in 32 bits.
func (c *cursor) int() int32 {
	v := c.long()
	if v != int64(int32(v)) {
		c.fail("number %d does not fit in 32 bits", v)
		return 0
	}
	return int32(v)
}

func (c *cursor) bool() bool {
	if c.pos >= len(c.buf) {
		c.longSlow()
		return false
	}
	b := c.buf[c.pos]
	if b > 1 {
		c.fail("boolean with value %d", b)
		return false
	}
	c.pos++
	return b == 1
}

// fixed returns the next n bytes, valid as long as the block; nil after a fault.
func (c *cursor) fixed(n int) []byte {
	if n > c.remaining() {
		c.fail("record continues behind the end of its block")
		return nil
	}
	b := c.buf[c.pos : c.pos+n]
	c.pos += n
	return b
}

// bytes reads length-prefixed bytes, valid as long as the block.
func (c *cursor) bytes() []byte {
	n := c.long()
	if n < 0 || n > int64(c.remaining()) {
		c.fail("string of %d bytes in a block with %d left", n, c.remaining())
		return nil
	}
	return c.fixed(int(n))
}

// count reads the head of one run of an array or map: how many items follow, 0
// at the end. Each item takes at least a byte, so more items than bytes is a fault.
func (c *cursor) count() int {
	n := c.long()
	if n < 0 {
		c.long() // size in bytes, for readers that skip
		n = -n
	}
	if n < 0 || n > int64(c.remaining()) {
		c.fail("array of %d items in a block with %d bytes left", n, c.remaining())
		return 0
	}
	if c.items += int(n); c.items > maxItems {
		c.fail("record with more than %d items", maxItems)
		return 0
	}
	return int(n)
}
