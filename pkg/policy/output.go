package policy

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// bindOutput binds an output template; there may be none.
func bindOutput(t *syntax.Template) (*expr.Output, diag.List) {
	if t == nil {
		return nil, nil
	}
	return expr.BindTemplate(t)
}

// What is told of a record in the alert of a sequence: who did it, and to what; the first of
// the latter that the record has.
const actor = "%evt.type by %proc.cmdline (pid %proc.pid)"

var affected = []string{"%fd.name", "%sf.res"}

// stepText tells what a record was.
type stepText struct {
	who  *expr.Output
	what []*expr.Output
}

func newStepText() stepText {
	t := stepText{who: mustBind(actor)}
	for _, text := range affected {
		t.what = append(t.what, mustBind(text))
	}
	return t
}

// of returns the text about r.
func (t *stepText) of(r *field.Record) string {
	text := string(t.who.Append(nil, r))
	for _, o := range t.what {
		if what := string(o.Append(nil, r)); what != expr.Missing {
			return text + " on " + what
		}
	}
	return text
}

// mustBind binds a template of this package.
func mustBind(text string) *expr.Output {
	t, err := syntax.ParseTemplate(text, nil)
	if err != nil {
		panic(err) // a constant, and tests call this
	}
	out, _ := expr.BindTemplate(t)
	return out
}
