package print

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// errEnough ends the work when the limit is reached.
var errEnough = errors.New("enough rows")

// outputError is a failure to write, which ends everything; other errors are about a
// file that is read, after which the next file follows.
type outputError struct{ err error }

func (e *outputError) Error() string { return "writing the output: " + e.err.Error() }

func (e *outputError) Unwrap() error { return e.err }

// printer prints files.
type printer struct {
	renderer render.Renderer
	filter   *filter
	limit    int64
	read     *atomic.Int64
	name     string
	stderr   io.Writer

	row    fields.Row
	failed bool
}

func (p *printer) files(files []input.File) error {
	for _, f := range files {
		err := p.file(f)
		if flushErr := p.flush(); flushErr != nil {
			return flushErr
		}
		var output *outputError
		switch {
		case errors.Is(err, errEnough):
			return p.result()
		case errors.As(err, &output):
			return output
		case err != nil:
			p.report(err)
		}
	}
	return p.result()
}

func (p *printer) result() error {
	// Flushing also writes what precedes the first row, such as the names of CSV columns.
	if err := p.flush(); err != nil {
		return err
	}
	if p.failed {
		return cli.ErrReported
	}
	return nil
}

func (p *printer) flush() error {
	if err := p.renderer.Flush(); err != nil {
		return &outputError{err: err}
	}
	return nil
}

// file prints one file, up to its end or the first fault.
func (p *printer) file(f input.File) error {
	in, err := input.Open(f, os.Stdin, p.read, p.flush)
	if err != nil {
		return err // says operation and path
	}
	defer in.Close()
	name := f.Path
	if name == input.Stdin {
		name = "standard input"
	}
	before := p.read.Load()
	r, err := avro.NewReader(in, avro.ReaderOptions{Name: name})
	switch {
	case errors.Is(err, avro.ErrTruncated) && p.read.Load() == before:
		return fmt.Errorf("%s is empty, there is no trace to read", name)
	case err != nil:
		return err // says file and offset
	}
	var table sysflow.Table
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err // says file and offset
		}
		if table.Put(rec) {
			continue
		}
		if err := p.print(&table, rec); err != nil {
			return err
		}
	}
}

func (p *printer) print(table *sysflow.Table, rec sysflow.Record) error {
	p.row.Set(table, rec)
	if !p.filter.keep(&p.row) {
		return nil
	}
	if err := p.renderer.Row(&p.row); err != nil {
		return &outputError{err: err}
	}
	p.row.Index++
	if p.row.Index == p.limit {
		return errEnough
	}
	return nil
}
