package render

import (
	"io"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/jsontext"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// NewJSON returns a renderer that writes the fields as one object per line. When
// nested, "proc.pid" is the member "pid" of an object "proc", else it is a member of
// that very name.
func NewJSON(w io.Writer, selected []fields.Field, nested bool) *Lines {
	l := &Lines{out: buffer{w: w}, encode: appendJSON}
	for k := range l.plans {
		l.plans[k] = jsonPlan(sysflow.Kind(k), selected, nested)
	}
	return l
}

func jsonPlan(kind sysflow.Kind, selected []fields.Field, nested bool) plan {
	var p plan
	text, separator, group := "{", "", ""
	if nested {
		selected = grouped(selected)
	}
	for i := range selected {
		f := &selected[i]
		name, g := f.Name, ""
		if prefix, rest, found := strings.Cut(f.Name, "."); nested && found {
			name, g = rest, prefix
		}
		if g != group {
			if group != "" {
				text, separator = text+"}", ","
			}
			if g != "" {
				text, separator = text+separator+quote(g)+":{", ""
			}
			group = g
		}
		text += separator + quote(name) + ":"
		separator = ","
		if !f.Applies(kind) {
			text += string(appendJSON(nil, fields.Value{Kind: f.Missing}))
			continue
		}
		p.add(f, text, i == 0 || f.Scope != selected[i-1].Scope)
		text = ""
	}
	if group != "" {
		text += "}"
	}
	p.end = text + "}\n"
	return p
}

// grouped moves fields of the same object together, at the place of the first.
func grouped(selected []fields.Field) []fields.Field {
	first := make(map[string]int)
	rank := make(map[string]int, len(selected))
	for i, f := range selected {
		prefix, _, found := strings.Cut(f.Name, ".")
		if !found {
			rank[f.Name] = i
			continue
		}
		if _, ok := first[prefix]; !ok {
			first[prefix] = i
		}
		rank[f.Name] = first[prefix]
	}
	out := slices.Clone(selected)
	slices.SortStableFunc(out, func(a, b fields.Field) int { return rank[a.Name] - rank[b.Name] })
	return out
}

func appendJSON(dst []byte, v fields.Value) []byte {
	switch v.Kind {
	case fields.Null:
		return append(dst, "null"...)
	case fields.Empty:
		return append(dst, `""`...)
	case fields.String:
		return jsontext.AppendString(dst, v.Str)
	case fields.Text:
		return jsontext.AppendString(dst, v.Raw)
	default:
		return v.Append(dst)
	}
}

func quote(s string) string { return string(jsontext.AppendString(nil, s)) }
