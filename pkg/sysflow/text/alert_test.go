package text

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

func TestAlert(t *testing.T) {
	tests := map[string]struct {
		alert *plogs.Alert
		color bool
		want  string
	}{
		"none":             {nil, true, ""},
		"plain":            {&plogs.Alert{Rule: "A shell", Priority: "Notice", Severity: 10, Text: "sh below nginx"}, false, "  >> Notice  A shell: sh below nginx\n"},
		"without output":   {&plogs.Alert{Rule: "A shell", Priority: "Low", Severity: 9, Text: "A shell: why"}, false, "  >> Low  A shell: why\n"},
		"steps":            {&plogs.Alert{Rule: "r", Priority: "Low", Severity: 9, Text: "t", Steps: []string{"first", "then"}}, false, "  >> Low  r: t\n     1. first\n     2. then\n"},
		"several":          {&plogs.Alert{Rule: "r", Priority: "Low", Severity: 9, Text: "t", Names: []string{"a", "r", "b"}}, false, "  >> Low  r: t; also: a, b\n"},
		"grave":            {&plogs.Alert{Rule: "r", Priority: "Critical", Severity: 18, Text: "t"}, true, "  \x1b[1;31m>> Critical  r: \x1b[0mt\n"},
		"less grave":       {&plogs.Alert{Rule: "r", Priority: "Warning", Severity: 13, Text: "t"}, true, "  \x1b[33m>> Warning  r: \x1b[0mt\n"},
		"control in names": {&plogs.Alert{Rule: "r", Priority: "Low", Text: "a\x1b[31mb\nc"}, false, "  >> Low  r: a\\x1b[31mb\\nc\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f := NewLineFormatter(LineOptions{Color: tt.color})
			assert.Equal(t, tt.want, string(f.AppendAlert(nil, &plogs.Observation{Alert: tt.alert})))
		})
	}
}
