package print

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/render"
)

// view is what the flags ask for: which fields, and how they look.
type view struct {
	format   string
	selected []fields.Field
	look     render.Look
}

func newView(o *options) (*view, error) {
	v := &view{format: o.output}
	if v.format == "str" { // sysprint's name
		v.format = "table"
	}
	if !slices.Contains([]string{"table", "json", "flatjson", "csv"}, v.format) {
		return nil, fmt.Errorf("--output: unknown format %q; formats are table, json, flatjson, csv", o.output)
	}
	var err error
	if v.look, err = o.look.Look(); err != nil {
		return nil, err // a mistake of usage that names the flag
	}
	v.selected, err = selectFields(o, v.format == "table")
	return v, err
}

// renderer returns what writes to out.
func (v *view) renderer(out io.Writer) render.Renderer {
	switch v.format {
	case "json":
		return render.NewJSON(out, v.selected, true)
	case "flatjson":
		return render.NewJSON(out, v.selected, false)
	case "csv":
		return render.NewCSV(out, v.selected)
	}
	return render.NewTable(out, v.selected, v.look.For(out))
}

func selectFields(o *options, table bool) ([]fields.Field, error) {
	names := o.fields
	if choices := count(o.all, len(names) > 0, o.k8s, o.k8sEvents); choices > 1 {
		return nil, errors.New("only one of --fields, --all, --k8s and --k8sevents can be used")
	}
	switch {
	case o.all:
		return fields.Complete(), nil
	case len(names) > 0:
	case o.k8sEvents:
		names = fields.K8sEventNames()
	case o.k8s:
		names = append(fields.DefaultNames(), "pod.name")
	case table:
		names = fields.DefaultNames()
	default:
		return fields.Complete(), nil
	}
	if table && len(o.fields) == 0 {
		names = append([]string{"idx"}, names...)
	}
	selected, err := fields.Select(names)
	if err != nil {
		return nil, fmt.Errorf("--fields: %w", err)
	}
	return selected, nil
}

func count(set ...bool) int {
	n := 0
	for _, b := range set {
		if b {
			n++
		}
	}
	return n
}
