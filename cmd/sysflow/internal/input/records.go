package input

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Records yields the records of a trace, up to its end or the first fault, which comes last,
// without a record. That a file which is still being written ends within a block is no fault. See
// Open for total and before, and avro.Reader.Next for how long a record
// is valid.
func Records(f File, total *atomic.Int64, before func() error) iter.Seq2[sysflow.Record, error] {
	return func(yield func(sysflow.Record, error) bool) {
		in, err := Open(f, os.Stdin, total, before)
		if err != nil {
			yield(nil, err) // says operation and path
			return
		}
		defer in.Close()
		name := f.Path
		if name == Stdin {
			name = "standard input"
		}
		already := total.Load()
		trace, err := avro.NewReader(in, avro.ReaderOptions{Name: name})
		switch {
		case errors.Is(err, avro.ErrTruncated) && f.Unfinished(): // nothing was written yet
		case errors.Is(err, avro.ErrTruncated) && total.Load() == already:
			yield(nil, fmt.Errorf("%s is empty, there is no trace to read", name))
		case err != nil:
			yield(nil, err) // says file and offset
		default:
			for rec, err := range trace.All() {
				if errors.Is(err, avro.ErrTruncated) && f.Unfinished() || !yield(rec, err) {
					return
				}
			}
		}
	}
}
