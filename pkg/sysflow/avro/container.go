package avro

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	magic    = "Obj\x01"
	syncSize = len(Marker{})

	metaSchema = "avro.schema"
	metaCodec  = "avro.codec"

	// maxMeta bounds the file header; the longest schema known takes 14 KB.
	maxMeta = 1 << 20
	// defaultMaxBlock bounds a block, compressed and plain; upstream's take 80 KB.
	defaultMaxBlock = 16 << 20
	// growth is how much is read ahead of knowing that the data is really there.
	growth = 1 << 20
)

// container reads the framing of a container file: the header, then blocks.
type container struct {
	in       *bufio.Reader
	offset   int64 // bytes consumed
	sync     Marker
	maxBlock int
	expand   decompressor
	raw      []byte // block as it is in the file, reused
}

// open reads the file header and returns the schema.
func (c *container) open() (schema []byte, err error) {
	meta, err := c.header()
	if err != nil {
		return nil, err
	}
	schema, ok := meta[metaSchema]
	if !ok {
		return nil, badSchema("the file header has no %s", metaSchema)
	}
	if c.expand, err = newDecompressor(string(meta[metaCodec]), c.maxBlock); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotContainer, err)
	}
	return schema, nil
}

// header reads the file header, whatever is in the file, and returns its metadata.
func (c *container) header() (map[string][]byte, error) {
	if head, _ := c.in.Peek(len(magic)); !strings.HasPrefix(magic, string(head)) {
		return nil, fmt.Errorf("%w: it begins with %q", ErrNotContainer, head)
	}
	if _, err := c.take(len(magic)); err != nil {
		return nil, err
	}
	meta, err := c.metadata()
	if err != nil {
		return nil, err
	}
	mark, err := c.take(syncSize)
	if err != nil {
		return nil, err
	}
	copy(c.sync[:], mark)
	return meta, nil
}

// metadata reads the map of the file header.
func (c *container) metadata() (map[string][]byte, error) {
	meta := map[string][]byte{}
	for {
		n, err := c.long()
		if err != nil || n == 0 {
			return meta, err
		}
		if n < 0 { // the size in bytes follows, for readers that skip
			n = -n
			if _, err := c.long(); err != nil {
				return nil, err
			}
		}
		for ; n != 0; n-- {
			key, err := c.metaBytes()
			if err != nil {
				return nil, err
			}
			if meta[string(key)], err = c.metaBytes(); err != nil {
				return nil, err
			}
		}
	}
}

func (c *container) metaBytes() ([]byte, error) {
	n, err := c.long()
	if err != nil {
		return nil, err
	}
	if n < 0 || n > maxMeta || c.offset+n > maxMeta {
		return nil, fmt.Errorf("%w: metadata of more than %d bytes", ErrNotContainer, maxMeta)
	}
	b, err := c.take(int(n))
	return slices.Clone(b), err
}

// block reads the next block and returns how many records its plain data holds. The
// error is io.EOF at the end of the file. The data is valid until the next call.
func (c *container) block() (records int64, plain []byte, err error) {
	if _, err = c.in.Peek(1); errors.Is(err, io.EOF) {
		return 0, nil, io.EOF
	}
	records, err = c.long()
	if err != nil {
		return 0, nil, err
	}
	size, err := c.long()
	if err != nil {
		return 0, nil, err
	}
	if records < 0 || size < 0 {
		return 0, nil, corrupt("it claims %d records in %d bytes", records, size)
	}
	if size > int64(c.maxBlock) {
		return 0, nil, corrupt("it claims %d bytes, more than the limit of %d", size, c.maxBlock)
	}
	whole, err := c.take(int(size) + syncSize)
	if err != nil {
		return 0, nil, err
	}
	data, mark := whole[:size], whole[size:]
	if !bytes.Equal(mark, c.sync[:]) {
		return 0, nil, corrupt("the sync marker behind it is wrong")
	}
	plain, err = c.expand(data)
	switch {
	case errors.Is(err, errTooLarge):
		return 0, nil, corrupt("it expands to more than the limit of %d bytes", c.maxBlock)
	case err != nil:
		return 0, nil, corrupt("expanding it: %v", err)
	case records > int64(len(plain)):
		return 0, nil, corrupt("it claims %d records in %d plain bytes", records, len(plain))
	}
	return records, plain, nil
}

// take reads n bytes, valid until the next call. The buffer grows with the data, so a
// claimed length costs nothing until the bytes are there.
func (c *container) take(n int) ([]byte, error) {
	c.raw = c.raw[:0]
	for len(c.raw) < n {
		have := len(c.raw)
		c.raw = slices.Grow(c.raw, min(n-have, growth))
		c.raw = c.raw[:min(n, cap(c.raw))]
		got, err := io.ReadFull(c.in, c.raw[have:])
		c.offset += int64(got)
		if err != nil {
			return nil, truncated(err)
		}
	}
	return c.raw, nil
}

func (c *container) long() (int64, error) {
	var v uint64
	for shift := 0; shift < 64; shift += 7 {
		b, err := c.in.ReadByte()
		if err != nil {
			return 0, truncated(err)
		}
		c.offset++
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return unzigzag(v), nil
		}
	}
	return 0, corrupt("number of more than 64 bits")
}

// truncated turns the end of the input into ErrTruncated, and leaves failures of the
// underlying reader as they are.
func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return &readError{err}
}

// readError is a failure of the underlying reader, as opposed to a fault in the data.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }
