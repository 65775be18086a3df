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

// Binder checks conditions against the fields. Those of one binder share what is equal in
// them: a long list that many rules name is kept once.
type Binder struct{ lists map[list]Test }

// list is the right side of a check, which the loader shares among all checks that name the
// same list.
type list struct {
	first *syntax.Operand
	op    syntax.Op
	typ   field.Type
	// names of operations and events are looked at before they are compared.
	key string
}

// longList is the length from which on a list is worth looking for.
const longList = 64

// NewBinder returns a binder that knows no conditions yet.
func NewBinder() *Binder { return &Binder{lists: make(map[list]Test)} }

// Bind checks a single condition, see Binder.Bind.
func Bind(n syntax.Node) (*Bound, diag.List) { return NewBinder().Bind(n) }

// Bind checks a condition. The findings hold errors if the condition cannot be used; it must
// have no macros and no names of lists any more.
func (s *Binder) Bind(n syntax.Node) (*Bound, diag.List) {
	b := &binder{shared: s}
	b.bound.Expr = b.node(n, true)
	return &b.bound, b.found
}

type binder struct {
	shared *Binder
	bound  Bound
	found  diag.List
	// certain is false where the value of what is not recorded would be guessed in the
	// other direction, see node.
	certain bool
}

func (b *binder) listOf(c *syntax.Check, left *Source) (list, bool) {
	if b.shared == nil || len(c.Right) < longList || (c.Op != syntax.In && c.Op != syntax.Intersects) || left.List {
		return list{}, false
	}
	l := list{first: &c.Right[0], op: c.Op, typ: left.Type}
	if left.Key == field.EventType || left.Key == field.Operations {
		l.key = left.Key
	}
	return l, true
}

// known returns the check if its list was bound before.
func (b *binder) known(c *syntax.Check, left *Source) Expr {
	if l, ok := b.listOf(c, left); ok {
		if t, ok := b.shared.lists[l]; ok {
			return &Atom{Source: left, Test: t}
		}
	}
	return nil
}

// keep remembers the list of a check.
func (b *binder) keep(c *syntax.Check, left *Source, e Expr) {
	a, isAtom := e.(*Atom)
	l, ok := b.listOf(c, left)
	if isAtom && ok && a.Source == left {
		a.Test.key()
		b.shared.lists[l] = a.Test
	}
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

// node binds a condition. What SysFlow does not record is never guessed: a check of it does
// not hold, and its negation does not hold either, so that a rule fires only if it does
// whatever the value may be. certain tells whether the condition counts as it is, or negated.
func (b *binder) node(n syntax.Node, certain bool) Expr {
	switch n := n.(type) {
	case *syntax.And:
		return all(b.nodes(n.Operands, certain)...)
	case *syntax.Or:
		return anyOf(b.nodes(n.Operands, certain)...)
	case *syntax.Not:
		return not(b.node(n.Operand, !certain))
	case *syntax.Check:
		b.certain = certain
		return b.check(n)
	}
	return Const(false) // the name of a macro that is not defined, which the loader reports
}

func (b *binder) nodes(list []syntax.Node, certain bool) []Expr {
	out := make([]Expr, len(list))
	for i, n := range list {
		out[i] = b.node(n, certain)
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
			if ref, ok := field.Named(o.Text); ok {
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
