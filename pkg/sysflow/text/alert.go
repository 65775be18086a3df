package text

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// grave is OpenTelemetry's lowest severity number of errors.
const grave = 17

// AppendAlert appends a line with what a rule says about o, to stand beneath the line of o;
// nothing if no rule says anything.
//
//	>> Critical  Shell of a web server: sh -c id below nginx
func (f *LineFormatter) AppendAlert(dst []byte, o *plogs.Observation) []byte {
	a := o.Alert
	if a == nil {
		return dst
	}
	style := StylePlain
	if f.opts.Color {
		style = StyleWarn
		if a.Severity >= grave {
			style = StyleAlert
		}
	}
	head := append([]byte(">> "), a.Priority...)
	head = append(head, "  "...)
	if !strings.HasPrefix(a.Text, a.Rule) {
		head = append(AppendPrintable(head, a.Rule), ": "...)
	}
	dst = style.Append(pad(dst, columnGap), head)
	dst = AppendPrintable(dst, a.Text)
	if others := slices.DeleteFunc(slices.Clone(a.Names), func(name string) bool { return name == a.Rule }); len(others) > 0 {
		dst = AppendPrintable(append(dst, "; also: "...), strings.Join(others, ", "))
	}
	return append(dst, '\n')
}
