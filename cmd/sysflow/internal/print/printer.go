package print

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// errEnough ends the work when the limit is reached.
var errEnough = errors.New("enough rows")

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
		var output *cli.OutputError
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
		return &cli.OutputError{Err: err}
	}
	return nil
}

// file prints one file, up to its end or the first fault.
func (p *printer) file(f input.File) error {
	var table sysflow.Table
	for rec, err := range input.Records(f, p.read, p.flush) {
		if err != nil {
			return err // says which file
		}
		if table.Put(rec) {
			continue
		}
		if err := p.print(&table, rec); err != nil {
			return err
		}
	}
	return nil
}

func (p *printer) print(table *sysflow.Table, rec sysflow.Record) error {
	p.row.Set(table, rec)
	if !p.filter.keep(&p.row) {
		return nil
	}
	if err := p.renderer.Row(&p.row); err != nil {
		return &cli.OutputError{Err: err}
	}
	p.row.Index++
	if p.row.Index == p.limit {
		return errEnough
	}
	return nil
}
