package expr

import (
	"fmt"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Bound is a condition with what was noticed while binding it.
type Bound struct {
	Expr Expr
	// Fields are those that the condition asks for, each once, in order of appearance.
	Fields []field.Ref
	// Unanswerable are the checks that never hold because SysFlow does not record what they
	// ask for.
	Unanswerable []Unanswerable
	// UnknownField is set if a field is not known at all; that is an error too.
	UnknownField bool
}

// Unanswerable is a check that never holds.
type Unanswerable struct {
	Pos diag.Position
	// What names the field or event, Why says what is missing.
	What, Why string
}

// Bind checks a condition against the fields. The findings hold errors if the condition
// cannot be used; it must have no macros and no names of lists any more.
func Bind(n syntax.Node) (*Bound, diag.List) {
	b := &binder{}
	b.bound.Expr = b.node(n)
	return &b.bound, b.found
}

// BindField returns the source of a single field written as in a condition.
func BindField(f *syntax.Field) (*Source, diag.List) {
	b := &binder{}
	s := b.field(f)
	if s != nil {
		s = s.asText()
	}
	return s, b.found
}

type binder struct {
	bound Bound
	found diag.List
}

func (b *binder) errorf(at diag.Position, length int, hint, format string, args ...any) {
	b.found = append(b.found, &diag.Diagnostic{
		Severity: diag.Error, Code: diag.ErrCompileCondition, Pos: at, Length: length,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (b *binder) warnf(code diag.Code, at diag.Position, length int, hint, format string, args ...any) {
	b.found = append(b.found, &diag.Diagnostic{
		Severity: diag.Warning, Code: code, Pos: at, Length: length, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (b *binder) node(n syntax.Node) Expr {
	switch n := n.(type) {
	case *syntax.And:
		return all(b.nodes(n.Operands)...)
	case *syntax.Or:
		return anyOf(b.nodes(n.Operands)...)
	case *syntax.Not:
		return not(b.node(n.Operand))
	case *syntax.Check:
		return b.check(n)
	}
	return Const(false) // the name of a macro that is not defined, which the loader reports
}

func (b *binder) nodes(list []syntax.Node) []Expr {
	out := make([]Expr, len(list))
	for i, n := range list {
		out[i] = b.node(n)
	}
	return out
}

// source binds an operand. It returns nil after an error and for what SysFlow never has.
func (b *binder) source(o syntax.Operand) *Source {
	switch o := o.(type) {
	case *syntax.Field:
		return b.field(o)
	case *syntax.Call:
		return b.call(o)
	case *syntax.Literal:
		if !o.Quoted {
			if ref, problem := field.Resolve(&syntax.Field{At: o.At, Name: o.Text}); problem == nil {
				return b.refer(o.At, ref)
			}
		}
		return constant(o.Text)
	case *syntax.Tuple:
		b.errorf(o.At, 1, "", "a list cannot stand here")
	}
	return nil
}

func (b *binder) field(f *syntax.Field) *Source {
	ref, problem := field.Resolve(f)
	if problem != nil {
		b.bound.UnknownField = b.bound.UnknownField || problem.Unknown
		b.errorf(f.At, len(f.Name), problem.Hint, "%s", problem.Message)
		return nil
	}
	if problem, corrected := field.Correction(f.Name); corrected {
		b.warnf(diag.WarnMisspelledAttribute, f.At, len(f.Name), "write "+problem, "there is no attribute %s; it is read as %s", f.Name, problem)
	}
	return b.refer(f.At, ref)
}

// refer notes that ref is asked for.
func (b *binder) refer(at diag.Position, ref field.Ref) *Source {
	known := false
	for _, r := range b.bound.Fields {
		known = known || r.Text == ref.Text
	}
	if !known {
		b.bound.Fields = append(b.bound.Fields, ref)
	}
	if ref.Answer == field.Unanswerable {
		b.noteUnanswerable(diag.WarnUnanswerableField, at, ref.Text, ref.Note)
		return nil
	}
	return fromField(ref)
}

// noteUnanswerable warns about the same thing once in a condition.
func (b *binder) noteUnanswerable(code diag.Code, at diag.Position, what, why string) {
	for _, u := range b.bound.Unanswerable {
		if u.What == what {
			return
		}
	}
	b.bound.Unanswerable = append(b.bound.Unanswerable, Unanswerable{Pos: at, What: what, Why: why})
	b.warnf(code, at, len(what), "", "SysFlow records do not answer %s (%s); the check never holds", what, why)
}
