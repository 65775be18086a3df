package policy

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// stepText describes a record in the alert of a sequence.
const stepText = "%evt.type by %proc.cmdline (pid %proc.pid) on %fd.name"

// bindOutput binds an output template; there may be none.
func bindOutput(t *syntax.Template) (*expr.Output, diag.List) {
	if t == nil {
		return nil, nil
	}
	return expr.BindTemplate(t)
}

// stepOutput returns the bound form of stepText.
func stepOutput() *expr.Output {
	t, err := syntax.ParseTemplate(stepText, func(int) diag.Position { return diag.Position{} })
	if err != nil {
		panic(err) // a constant of this package, and a test calls this
	}
	out, _ := expr.BindTemplate(t)
	return out
}
