package avro

import (
	"bufio"
	"io"
)

// Marker ends the header and each block of a container file. It is drawn at random, so that no
// other file has it, unless it is a copy.
type Marker [16]byte

// ReadMarker reads the header of a container file, of whatever schema and codec, and returns its
// marker. The error is, or wraps, ErrNotContainer, ErrTruncated or ErrCorruptBlock, or is that of
// the reader, of which more may have been read than the header.
func ReadMarker(r io.Reader) (Marker, error) {
	c := container{in: bufio.NewReader(r)}
	_, err := c.header()
	return c.sync, err
}
