package render

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// styleOf colours what tells the kinds of rows apart, and failures.
func styleOf(field string, v fields.Value, kind sysflow.Kind) text.Style {
	switch field {
	case "type", "opflags", "res":
		return text.KindStyle(kind)
	case "ret":
		if v.Kind == fields.Int && v.Int < 0 {
			return text.StyleBad
		}
	case "idx", "ts", "ts_uts", "endts", "endts_uts", "container.id":
		return text.StyleDim
	}
	return text.StylePlain
}
