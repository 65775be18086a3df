package run

import (
	"errors"
	"io"
	"sync/atomic"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/input"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// runner takes the records of traces to the rules, and the alerts to the printer.
type runner struct {
	evaluator *policy.Evaluator
	stream    *lineage.Stream
	// wanted are the rules whose alerts are printed, nil all.
	wanted  map[*policy.Rule]bool
	printer printer
	// entities tells that the printer needs a table of them.
	entities bool
	table    sysflow.Table
	limit    int64
	read     *atomic.Int64
	name     string
	stderr   io.Writer

	// record is the one that is being evaluated, err what went wrong with printing its alerts.
	record  sysflow.Record
	err     error
	records int64
	dropped int64
	alerts  int64
	failed  bool
}

// errEnough ends the work when the limit is reached.
var errEnough = errors.New("enough alerts")

func (r *runner) files(files []input.File) error {
	for _, f := range files {
		err := r.file(f)
		var output *cli.OutputError
		switch {
		case errors.Is(err, errEnough):
			return r.flush()
		case errors.As(err, &output):
			return output
		case err != nil:
			if flushErr := r.flush(); flushErr != nil {
				return flushErr
			}
			r.report(err)
		}
	}
	return r.flush() // also what precedes the first row, such as the names of CSV columns
}

func (r *runner) flush() error {
	if err := r.printer.flush(); err != nil {
		return &cli.OutputError{Err: err}
	}
	return nil
}

// file evaluates one trace, up to its end or the first fault.
func (r *runner) file(f input.File) error {
	emit := r.emit // made once, not for each record
	for rec, err := range input.Records(f, r.read, r.flush) {
		if err != nil {
			return err // says which file
		}
		if err := r.evaluate(rec, emit); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) evaluate(rec sysflow.Record, emit func(*policy.Alert)) error {
	if r.entities {
		r.table.Put(rec)
	}
	seen, ok := r.stream.Observe(rec)
	if !ok {
		return nil
	}
	r.records++
	r.record = rec
	if r.evaluator.Evaluate(r.evaluator.Subject(seen.Process), seen, emit) {
		r.dropped++
	}
	return r.err
}

// emit prints an alert.
func (r *runner) emit(a *policy.Alert) {
	if r.err != nil || r.wanted != nil && !r.wanted[a.Rule] {
		return
	}
	if err := r.printer.alert(a, &r.table, r.record); err != nil {
		r.err = &cli.OutputError{Err: err}
		return
	}
	r.alerts++
	if r.alerts == r.limit {
		r.err = errEnough
	}
}
