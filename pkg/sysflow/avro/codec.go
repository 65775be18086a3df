package avro

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// Codec names as in the metadata of container files.
const (
	codecNull    = "null"
	codecDeflate = "deflate"
	codecSnappy  = "snappy"
	codecZstd    = "zstandard"
)

var errTooLarge = errors.New("too large")

// decompressor returns the plain form of a block. Its result is valid until the next call.
type decompressor func(block []byte) ([]byte, error)

// newDecompressor refuses blocks whose plain form is larger than limit bytes.
func newDecompressor(codec string, limit int) (decompressor, error) {
	switch codec {
	case codecNull, "":
		return func(block []byte) ([]byte, error) { return block, nil }, nil
	case codecDeflate:
		return newInflater(limit), nil
	case codecSnappy:
		return newSnappyDecompressor(limit), nil
	case codecZstd:
		return newZstdDecompressor(limit)
	default:
		return nil, fmt.Errorf("unknown codec %q, known are null, deflate, snappy and zstandard", codec)
	}
}

// newInflater uses klauspost's decoder: on SysFlow blocks it takes half the time of the
// standard library's.
func newInflater(limit int) decompressor {
	src := bytes.NewReader(nil)
	z := flate.NewReader(src)
	plain := make([]byte, 0, 96<<10)
	return func(block []byte) ([]byte, error) {
		src.Reset(block)
		if err := z.(flate.Resetter).Reset(src, nil); err != nil {
			return nil, err
		}
		plain = plain[:0]
		for {
			n, err := z.Read(plain[len(plain):cap(plain)])
			plain = plain[:len(plain)+n]
			switch {
			case len(plain) > limit:
				return nil, errTooLarge
			case errors.Is(err, io.EOF):
				return plain, nil
			case err != nil:
				return nil, err
			case len(plain) == cap(plain):
				plain = slices.Grow(plain, 1)
			}
		}
	}
}

// newSnappyDecompressor: Avro appends a big-endian CRC-32 of the plain data.
func newSnappyDecompressor(limit int) decompressor {
	var plain []byte
	return func(block []byte) ([]byte, error) {
		end := len(block) - crc32.Size
		if end < 0 {
			return nil, errors.New("snappy block without checksum")
		}
		n, err := s2.DecodedLen(block[:end])
		if err != nil {
			return nil, err
		}
		if n > limit {
			return nil, errTooLarge
		}
		if plain, err = s2.Decode(plain[:cap(plain)], block[:end]); err != nil {
			return nil, err
		}
		if crc32.ChecksumIEEE(plain) != binary.BigEndian.Uint32(block[end:]) {
			return nil, errors.New("snappy checksum does not match")
		}
		return plain, nil
	}
}

func newZstdDecompressor(limit int) (decompressor, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(uint64(limit)))
	if err != nil {
		return nil, err
	}
	var plain []byte
	return func(block []byte) ([]byte, error) {
		out, err := z.DecodeAll(block, plain[:0])
		if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
			return nil, errTooLarge
		}
		if err == nil {
			plain = out
		}
		return out, err
	}, nil
}

// compressor appends the compressed form of plain to dst.
type compressor func(dst, plain []byte) ([]byte, error)

// newCompressor returns the compressor and the name of the codec in the metadata.
// Level 0 is the codec's default.
func newCompressor(codec string, level int) (compressor, string, error) {
	switch codec {
	case codecNull:
		return func(dst, plain []byte) ([]byte, error) { return append(dst, plain...), nil }, codecNull, nil
	case codecDeflate, "":
		c, err := newDeflater(level)
		return c, codecDeflate, err
	case codecSnappy:
		return compressSnappy, codecSnappy, nil
	case codecZstd, "zstd":
		c, err := newZstdCompressor(level)
		return c, codecZstd, err
	default:
		return nil, "", fmt.Errorf("unknown codec %q, use deflate, null, snappy or zstd", codec)
	}
}

func newDeflater(level int) (compressor, error) {
	if level == 0 {
		level = flate.DefaultCompression
	}
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, level)
	if err != nil {
		return nil, fmt.Errorf("deflate level %d: must be 1 to 9, or 0 for the default", level)
	}
	return func(dst, plain []byte) ([]byte, error) {
		out.Reset()
		z.Reset(&out)
		if _, err := z.Write(plain); err != nil {
			return dst, err
		}
		if err := z.Close(); err != nil {
			return dst, err
		}
		return append(dst, out.Bytes()...), nil
	}, nil
}

func compressSnappy(dst, plain []byte) ([]byte, error) {
	start := len(dst)
	dst = slices.Grow(dst, s2.MaxEncodedLen(len(plain))+crc32.Size)
	enc := s2.EncodeSnappy(dst[start:cap(dst)], plain)
	dst = dst[:start+len(enc)]
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(plain)), nil
}

func newZstdCompressor(level int) (compressor, error) {
	opts := []zstd.EOption{zstd.WithEncoderConcurrency(1)}
	if level != 0 {
		opts = append(opts, zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)))
	}
	z, err := zstd.NewWriter(nil, opts...)
	if err != nil {
		return nil, err
	}
	return func(dst, plain []byte) ([]byte, error) { return z.EncodeAll(plain, dst), nil }, nil
}
