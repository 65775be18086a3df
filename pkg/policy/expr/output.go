package expr

import (
	"strings"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Missing is what Falco prints where there is no value.
const Missing = "<NA>"

// Output is an output template bound to fields.
type Output struct {
	parts []part
	// UnknownField is set if a field is not known at all; that is an error too.
	UnknownField bool
}

// part is a literal, or a value where source is set or the value is always missing.
type part struct {
	literal string
	isValue bool
	source  *Source
	width   int
}

// BindTemplate checks an output template against the fields.
func BindTemplate(t *syntax.Template) (*Output, diag.List) {
	b := &binder{}
	out := &Output{}
	for _, p := range t.Parts {
		if p.Operand == nil {
			out.parts = append(out.parts, part{literal: p.Literal})
			continue
		}
		operand, rest := longestKnown(p.Operand)
		out.parts = append(out.parts, part{isValue: true, source: b.source(operand), width: p.Width})
		if rest != "" {
			out.parts = append(out.parts, part{literal: rest})
		}
	}
	out.UnknownField = b.bound.UnknownField
	var errs diag.List
	for _, d := range b.found {
		if d.Severity == diag.Error { // what SysFlow does not record is printed as missing
			d.Code = diag.ErrCompileOutput
			errs = append(errs, d)
		}
	}
	return out, errs
}

// longestKnown cuts what is not part of a field's name off, as Falco does: in "%fd.name." the
// sentence ends.
func longestKnown(o syntax.Operand) (operand syntax.Operand, rest string) {
	f, ok := o.(*syntax.Field)
	if !ok || f.HasArg {
		return o, ""
	}
	for end := len(f.Name); end > 0; end = strings.LastIndexByte(f.Name[:end], '.') {
		short := *f
		short.Name = f.Name[:end]
		if _, problem := field.Resolve(&short); problem == nil || !problem.Unknown {
			return &short, f.Name[end:]
		}
	}
	return o, ""
}

// Append appends the text for r to buf.
func (o *Output) Append(buf []byte, r *field.Record) []byte {
	var v field.Value
	for i := range o.parts {
		p := &o.parts[i]
		if !p.isValue {
			buf = append(buf, p.literal...)
			continue
		}
		start := len(buf)
		buf = appendValue(buf, p.source, r, &v)
		if p.width > 0 {
			buf = fit(buf, start, p.width)
		}
	}
	return buf
}

func appendValue(buf []byte, s *Source, r *field.Record, v *field.Value) []byte {
	if s == nil {
		return append(buf, Missing...)
	}
	s.Get(r, v)
	if !v.Present || (s.EmptyIfMissing && v.Str == "") {
		return append(buf, Missing...)
	}
	return v.AppendText(buf, s.form)
}

// fit pads or cuts what begins at start to width characters.
func fit(buf []byte, start, width int) []byte {
	n := 0
	for i := start; i < len(buf); n++ {
		if n == width {
			return buf[:i]
		}
		_, size := utf8.DecodeRune(buf[i:])
		i += size
	}
	for ; n < width; n++ {
		buf = append(buf, ' ')
	}
	return buf
}
