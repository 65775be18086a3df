package avro

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// DefaultBlockSize is the plain size at which upstream's collector closes a block.
const DefaultBlockSize = 80_000

// WriterOptions are the settings of a Writer; the zero value writes as upstream does.
type WriterOptions struct {
	// Version of the schema, sysflow.SchemaV5 (default) or sysflow.SchemaV6.
	Version int
	// Codec is deflate (default), null, snappy or zstd.
	Codec string
	// Level of deflate (1 to 9) or zstd; 0 is the codec's default. Others have none.
	Level int
	// BlockSize is the plain size at which a block is closed. Default: DefaultBlockSize.
	BlockSize int
}

// Writer writes a trace. It is not safe for concurrent use.
//
// An error of the underlying writer loses nothing: what it did not take is kept, and
// the next Write, Flush or Close continues where it stopped, so that
// after a full disk has been cleared the file goes on without a gap.
type Writer struct {
	w         io.Writer
	compress  compressor
	sync      Marker
	blockSize int

	plain   []byte // the open block
	inBlock int64  // Avro records in it
	packed  []byte // compressed data, reused
	pending []byte // bytes that w has still to take
	written int64
	records int64

	v6         bool
	carriers   carrierWriter
	unwritable int64
}

var errUnwritable = errors.New("not in version 5")

// NewWriter writes the file header.
func NewWriter(w io.Writer, opts WriterOptions) (*Writer, error) {
	compress, codec, err := newCompressor(opts.Codec, opts.Level)
	if err != nil {
		return nil, err
	}
	schema, v6 := SchemaV5, opts.Version == sysflow.SchemaV6
	if v6 {
		schema = SchemaV6
	} else if opts.Version != 0 && opts.Version != sysflow.SchemaV5 {
		return nil, fmt.Errorf("unknown schema version %d, use %d or %d", opts.Version, sysflow.SchemaV5, sysflow.SchemaV6)
	}
	if opts.BlockSize <= 0 {
		opts.BlockSize = DefaultBlockSize
	}
	out := &Writer{w: w, compress: compress, blockSize: opts.BlockSize, v6: v6}
	_, _ = rand.Read(out.sync[:]) // never fails
	out.pending = appendFileHeader(nil, codec, schema, out.sync)
	if err := out.drain(); err != nil {
		return nil, err
	}
	return out, nil
}

// appendFileHeader writes exactly the metadata that upstream writes.
func appendFileHeader(b []byte, codec, schema string, sync Marker) []byte {
	b = append(b, magic...)
	b = appendLong(b, 2)
	b = appendString(appendString(b, metaCodec), codec)
	b = appendString(appendString(b, metaSchema), schema)
	b = append(b, 0)
	return append(b, sync[:]...)
}

// Write adds a record. The record may be reused afterwards. When it returns an error the
// record was not added and may be written again. Events whose operation the version of the schema
// does not have are left out and counted, see Unwritable.
func (w *Writer) Write(rec sysflow.Record) error {
	if len(w.plain) >= w.blockSize {
		if err := w.Flush(); err != nil {
			return err
		}
	}
	if rec == nil {
		return errors.New("writing SysFlow: no record")
	}
	plain, err := w.append(rec)
	if errors.Is(err, errUnwritable) {
		w.unwritable++
		return nil
	}
	if err != nil {
		return fmt.Errorf("writing SysFlow: %w", err)
	}
	w.plain = plain
	w.inBlock++
	w.records++
	return nil
}

// append returns the open block with a record. The error is errUnwritable if version 5 cannot say it.
func (w *Writer) append(rec sysflow.Record) ([]byte, error) {
	if w.v6 {
		return appendRecordV6(w.plain, w.carriers.convertV6(rec))
	}
	carried, carrier := w.carriers.convert(rec)
	if carried == nil {
		return nil, errUnwritable
	}
	if carrier != nil {
		w.plain = appendLong(w.plain, int64(sysflow.KindFile))
		w.plain = appendFile(w.plain, carrier)
		w.inBlock++
	}
	return appendRecord(w.plain, carried)
}

// Flush ends the open block, unless it is empty, and hands it to the underlying writer.
func (w *Writer) Flush() error {
	if err := w.drain(); err != nil {
		return err
	}
	if w.inBlock == 0 {
		return nil
	}
	packed, err := w.compress(w.packed[:0], w.plain)
	if err != nil {
		return fmt.Errorf("compressing a block: %w", err)
	}
	w.packed = packed
	w.pending = appendLong(w.pending, w.inBlock)
	w.pending = appendLong(w.pending, int64(len(packed)))
	w.pending = append(w.pending, packed...)
	w.pending = append(w.pending, w.sync[:]...)
	w.plain, w.inBlock = w.plain[:0], 0
	return w.drain()
}

// drain hands pending bytes to the underlying writer.
func (w *Writer) drain() error {
	if len(w.pending) == 0 {
		return nil
	}
	n, err := w.w.Write(w.pending)
	w.written += int64(n)
	if err == nil && n < len(w.pending) {
		err = io.ErrShortWrite
	}
	w.pending = append(w.pending[:0], w.pending[n:]...)
	return err
}

// Close flushes; it does not close the underlying writer.
func (w *Writer) Close() error { return w.Flush() }

// Size returns the bytes handed to the underlying writer so far plus those still
// held, the latter before compression.
func (w *Writer) Size() int64 { return w.written + int64(len(w.pending)) + int64(len(w.plain)) }

// Records returns how many records Write took.
func (w *Writer) Records() int64 { return w.records }

// Unwritable returns how many records Write left out because version 5 cannot say them.
func (w *Writer) Unwritable() int64 { return w.unwritable }
