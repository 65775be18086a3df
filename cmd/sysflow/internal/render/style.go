package render

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// styleOf colours, unless the field knows better, what tells the kinds of rows apart, and failures.
func styleOf(f *fields.Field, v fields.Value, r *fields.Row) text.Style {
	if f.Style != nil {
		return f.Style(r)
	}
	switch f.Name {
	case "type", "opflags", "res":
		return text.KindStyle(r.Kind())
	case "ret":
		if v.Kind == fields.Int && v.Int < 0 {
			return text.StyleBad
		}
	case "idx", "ts", "ts_uts", "endts", "endts_uts", "container.id":
		return text.StyleDim
	}
	return text.StylePlain
}
