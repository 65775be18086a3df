package render

import (
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// NewCSV returns a renderer that writes a line of field names and then a line per row,
// as RFC 4180 says but with plain line feeds. Missing values are empty.
func NewCSV(w io.Writer, selected []fields.Field) *Lines {
	l := &Lines{out: buffer{w: w}, encode: appendCSVValue}
	for i := range selected {
		if i > 0 {
			l.out.data = append(l.out.data, ',')
		}
		l.out.data = append(l.out.data, selected[i].Name...)
	}
	l.out.data = append(l.out.data, '\n')
	for k := range l.plans {
		l.plans[k] = csvPlan(sysflow.Kind(k), selected)
	}
	return l
}

func csvPlan(kind sysflow.Kind, selected []fields.Field) plan {
	var p plan
	before := ""
	for i := range selected {
		if i > 0 {
			before += ","
		}
		if f := &selected[i]; f.Applies(kind) {
			p.add(f, before, i == 0 || f.Scope != selected[i-1].Scope)
			before = ""
		}
	}
	p.end = before + "\n"
	return p
}

func appendCSVValue(dst []byte, v fields.Value) []byte {
	switch v.Kind {
	case fields.String:
		return appendCSV(dst, v.Str)
	case fields.Text, fields.JSON:
		return appendCSV(dst, v.Raw)
	default:
		return v.Append(dst)
	}
}

// appendCSV quotes where needed, and blanks too, because some readers trim
// unquoted values and positional op flags start with blanks.
func appendCSV[T string | []byte](dst []byte, s T) []byte {
	if !needsQuotes(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

func needsQuotes[T string | []byte](s T) bool {
	for i := range len(s) {
		switch s[i] {
		case '"', ',', ' ', '\r', '\n':
			return true
		}
	}
	return false
}
