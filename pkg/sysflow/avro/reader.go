package avro

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const inputBuffer = 64 << 10

// ReaderOptions are the settings of a Reader; the zero value is fine.
type ReaderOptions struct {
	// Name is the file name for error messages.
	Name string
	// MaxBlockSize bounds the memory for a block, compressed and plain. Default: 16 MiB.
	MaxBlockSize int
}

// Reader decodes a trace record by record. It is not safe for concurrent use.
type Reader struct {
	name     string
	in       container
	dec      decoder
	carriers carriers
	left     int64 // records left in the block
	block    int64 // offset of the block
	blocks   int64
	whole    extent
	records  int64
	version  int64
	err      error
}

// extent is the part of a file whose records were all decoded.
type extent struct {
	end     int64 // offset
	blocks  int64
	records int64
}

// NewReader reads the file header. It fails with an *Error when r is no container
// file or holds no SysFlow.
func NewReader(r io.Reader, opts ReaderOptions) (*Reader, error) {
	if opts.MaxBlockSize <= 0 {
		opts.MaxBlockSize = defaultMaxBlock
	}
	out := &Reader{
		name: opts.Name,
		in:   container{in: bufio.NewReaderSize(r, inputBuffer), maxBlock: opts.MaxBlockSize},
	}
	schema, err := out.in.open()
	if err == nil {
		out.dec.plan, err = planFor(schema)
	}
	if err != nil {
		return nil, out.fail(err)
	}
	out.dec.strings = interner{}
	return out, nil
}

// Next returns the next record, and io.EOF at the end of the file. Entities are newly
// allocated and may be kept; events and flows are valid until the next call only.
// After an error every call returns the same error.
func (r *Reader) Next() (sysflow.Record, error) {
	for r.err == nil {
		if r.left == 0 {
			r.nextBlock()
			continue
		}
		rec := r.dec.next()
		if r.dec.err != nil {
			r.err = r.fail(r.dec.err)
			break
		}
		r.left--
		if rec = r.carriers.restore(rec); rec == nil {
			continue // the file that carries a flow or event of the network
		}
		if h, ok := rec.(*sysflow.Header); ok {
			r.version = h.Version
		}
		r.records++
		return rec, nil
	}
	return nil, r.err
}

// All yields the records that Next returns, up to the end of the file or the first fault, which
// comes last, without a record.
func (r *Reader) All() iter.Seq2[sysflow.Record, error] {
	return func(yield func(sysflow.Record, error) bool) {
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) || !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// nextBlock moves on to the next block, once all records of the current one are decoded.
func (r *Reader) nextBlock() {
	if n := r.dec.remaining(); n > 0 {
		r.err = r.fail(corrupt("%d bytes behind its last record", n))
		return
	}
	r.block = r.in.offset
	r.whole = extent{end: r.block, blocks: r.blocks, records: r.records}
	records, plain, err := r.in.block()
	switch {
	case errors.Is(err, io.EOF):
		r.err = io.EOF
	case err != nil:
		r.err = r.fail(err)
	default:
		r.left = records
		r.blocks++
		r.dec.reset(plain)
	}
}

// Records returns how many records Next returned so far.
func (r *Reader) Records() int64 { return r.records }

// Version returns the schema version of the last header, 0 before the first.
func (r *Reader) Version() int64 { return r.version }

// fail wraps a fault with its place.
func (r *Reader) fail(err error) error {
	if failed, ok := errors.AsType[*readError](err); ok {
		return fmt.Errorf("reading %s: %w", r.name, failed.err)
	}
	return &Error{Name: r.name, Offset: r.block, Record: r.records, Err: err}
}
