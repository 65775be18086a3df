package run

import (
	"io"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// printer writes alerts.
type printer interface {
	// alert writes an alert about the record rec.
	alert(a *policy.Alert, table *sysflow.Table, rec sysflow.Record) error
	flush() error
}

// format returns the format that the flags ask for.
func (o *options) format(out io.Writer) (string, error) {
	switch {
	case o.output == "auto" && (terminal.Is(out) || o.count):
		return "table", nil
	case o.output == "auto":
		return "json", nil
	case o.count && !slices.Contains([]string{"table", "json"}, o.output):
		return "", cli.Usagef("--output: with --count the formats are table and json, not %q", o.output)
	case !slices.Contains([]string{"table", "json", "flatjson", "csv", "lines"}, o.output):
		return "", cli.Usagef("--output: unknown format %q; formats are table, json, flatjson, csv, lines", o.output)
	default:
		return o.output, nil
	}
}

// newPrinter returns what writes alerts to out as the flags ask for.
func newPrinter(o *options, format string, out io.Writer) (printer, error) {
	if format == "lines" {
		if len(o.fields) > 0 {
			return nil, cli.Usagef("--fields: lines have no fields, only the output of the rules")
		}
		return &lines{w: out}, nil
	}
	names := o.fields
	if format == "table" && len(names) == 0 {
		names = tableColumns
	}
	r := &rows{}
	selected, err := r.selectColumns(names)
	if err != nil {
		return nil, &cli.UsageError{Err: err}
	}
	switch format {
	case "json":
		r.renderer = render.NewJSON(out, selected, true)
	case "flatjson":
		r.renderer = render.NewJSON(out, selected, false)
	case "csv":
		r.renderer = render.NewCSV(out, selected)
	default:
		r.renderer, err = newTable(o, out, selected)
	}
	return r, err
}

func newTable(o *options, out io.Writer, selected []fields.Field) (render.Renderer, error) {
	look, err := o.look.Look()
	if err != nil {
		return nil, err // a mistake of usage that names the flag
	}
	return render.NewTable(out, selected, look.For(out)), nil
}

// rows writes alerts as rows of fields.
type rows struct {
	current
	row      fields.Row
	renderer render.Renderer
}

func (r *rows) alert(a *policy.Alert, table *sysflow.Table, rec sysflow.Record) error {
	r.current.alert = a
	r.row.Set(table, rec)
	err := r.renderer.Row(&r.row)
	r.row.Index++
	return err
}

func (r *rows) flush() error { return r.renderer.Flush() }

// lines writes nothing but the outputs.
type lines struct {
	w          io.Writer
	buf, plain []byte
}

// lineBuffer is how much is gathered before it is written.
const lineBuffer = 64 << 10

func (l *lines) alert(a *policy.Alert, _ *sysflow.Table, _ sysflow.Record) error {
	l.plain = a.AppendOutput(l.plain[:0])
	// A file name must not steer the terminal, nor make two lines of one.
	l.buf = append(text.AppendPrintable(l.buf, l.plain), '\n')
	if len(l.buf) < lineBuffer {
		return nil
	}
	return l.flush()
}

func (l *lines) flush() error {
	if len(l.buf) == 0 {
		return nil
	}
	_, err := l.w.Write(l.buf)
	l.buf = l.buf[:0]
	return err
}
