package text

import (
	"slices"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// grave is OpenTelemetry's lowest severity number of errors.
const grave = 17

// stepIndent puts the steps of a sequence beneath the name of the rule.
const stepIndent = 5

// AppendAlert appends a line with what a rule says about o, to stand beneath the line of o,
// and a line for each step of a sequence; nothing if no rule says anything.
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
	dst = append(dst, '\n')
	for i, step := range a.Steps {
		dst = append(strconv.AppendInt(pad(dst, stepIndent), int64(i+1), 10), ". "...)
		dst = append(AppendPrintable(dst, step), '\n')
	}
	return dst
}
