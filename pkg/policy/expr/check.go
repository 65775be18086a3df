package expr

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// check binds a comparison.
func (b *binder) check(c *syntax.Check) Expr {
	if l, ok := c.Left.(*syntax.Literal); ok {
		return b.constants(c, l)
	}
	left := b.source(c.Left)
	if left == nil {
		return b.withoutValue(c.Op, ofSysFlow(c.Left))
	}
	if c.Op == syntax.Exists {
		if left.sysflow() {
			return &Atom{Source: left, Test: Test{Kind: NonZero}}
		}
		return &Atom{Source: left, Test: Test{Kind: Present}}
	}
	if other, ok := b.rightField(c, left); ok {
		if other == nil {
			return b.withoutValue(c.Op, left.sysflow())
		}
		return b.compare(c, left, other)
	}
	if a := b.known(c, left); a != nil {
		return a
	}
	items := make([]item, 0, len(c.Right))
	for _, o := range c.Right {
		l, ok := o.(*syntax.Literal)
		if !ok {
			b.errorf(o.Pos(), 1, "use val() for a single field", "a list can hold constants only")
			return Const(false)
		}
		items = append(items, item{l.Text, l.At, l.Quoted})
	}
	if c.Modifier != syntax.NoModifier {
		return b.modified(c, left, items)
	}
	switch {
	case c.Form == syntax.Brackets && c.Op == syntax.Ne:
		return b.bracketsNe(c, left, items)
	case c.Op == syntax.Ne:
		return b.negated(c, left, items)
	case len(items) == 0:
		return Const(false) // nothing is in the empty list
	}
	e := b.positive(c, c.Op, left, items)
	b.keep(c, left, e)
	return e
}

// withoutValue binds a check of a value that is never there. In SysFlow's rules it differs from
// everything, in Falco's nothing is said about it, see node.
func (b *binder) withoutValue(op syntax.Op, sysflow bool) Expr {
	if sysflow {
		return Const(op == syntax.Ne)
	}
	return Const(!b.certain)
}

// constants settles a comparison of constants, as published policies have it: 1 = 1.
func (b *binder) constants(c *syntax.Check, left *syntax.Literal) Expr {
	b.warnf(diag.WarnSuspiciousLiteral, left.At, len(left.Text), "", "%q is no field, so the check is the same for every record", left.Text)
	equal := false
	for _, o := range c.Right {
		l, ok := o.(*syntax.Literal)
		equal = equal || ok && l.Text == left.Text
	}
	switch c.Op {
	case syntax.Exists:
		return Const(true)
	case syntax.Eq, syntax.In:
		return Const(equal)
	case syntax.Ne:
		return Const(!equal)
	}
	b.errorf(c.OpAt, len(c.Op), "", "operator %s cannot compare constants", c.Op)
	return Const(false)
}

// ofSysFlow reports whether an operand is an attribute of SysFlow policies.
func ofSysFlow(o syntax.Operand) bool {
	f, ok := o.(*syntax.Field)
	if !ok {
		return false
	}
	ref, problem := field.Resolve(f)
	return problem == nil && ref.Language == field.SysFlow
}

// sysflow reports whether the semantics of SysFlow policies apply.
func (s *Source) sysflow() bool {
	return len(s.Fields) > 0 && s.Fields[0].Language == field.SysFlow
}

// item is a constant on the right.
type item struct {
	text   string
	at     diag.Position
	quoted bool
}

// rightField binds a right side that is a value of the record too: a transformer, or in
// SysFlow policies the name of another attribute.
func (b *binder) rightField(c *syntax.Check, left *Source) (*Source, bool) {
	if c.Form != syntax.Single || len(c.Right) != 1 {
		return nil, false
	}
	switch o := c.Right[0].(type) {
	case *syntax.Field, *syntax.Call:
		return b.source(o), true
	case *syntax.Literal:
		if o.Quoted || !left.sysflow() {
			return nil, false
		}
		if _, ok := field.Named(o.Text); !ok {
			return nil, false
		}
		return b.source(&syntax.Field{At: o.At, Name: o.Text}), true
	}
	return nil, false
}

// modified binds `= anyof (a, b)` and the like.
func (b *binder) modified(c *syntax.Check, left *Source, items []item) Expr {
	switch {
	case len(items) == 0:
		return Const(false)
	case c.Modifier == syntax.OneOf && len(items) > 1:
		return b.exactlyOne(c, left, items)
	}
	each := make([]Expr, len(items))
	for i, it := range items {
		each[i] = b.scalar(c, left, it)
	}
	if c.Modifier == syntax.AllOf {
		return all(each...)
	}
	return anyOf(each...)
}

// scalar binds the operator with one of its constants.
func (b *binder) scalar(c *syntax.Check, left *Source, it item) Expr {
	if c.Op == syntax.Ne {
		return b.negated(c, left, []item{it})
	}
	return b.positive(c, c.Op, left, []item{it})
}

// exactlyOne binds `= oneof (a, b)`, which holds if the operator does for one item and no other.
// That `!=` does for one of them means that `=` does for all others.
func (b *binder) exactlyOne(c *syntax.Check, left *Source, items []item) Expr {
	op, count := c.Op, 1
	if op == syntax.Ne {
		op, count = syntax.Eq, len(items)-1
	}
	test := Test{Kind: PassesCount, Count: count}
	for _, it := range items {
		if e, ok := b.positive(c, op, left, []item{it}).(*Atom); ok { // others never hold
			test.Each = append(test.Each, e.Test)
			left = e.Source // the text form of numbers, if that is what is compared
		}
	}
	return &Atom{Source: left, Test: test}
}

// bracketsNe binds SysFlow's `!= [a, b]`, which holds if the value differs from one of them.
func (b *binder) bracketsNe(c *syntax.Check, left *Source, items []item) Expr {
	if len(items) > 1 {
		b.warnf(diag.WarnNearlyAlwaysTrue, c.OpAt, len(c.Op), "write not "+left.Key+" in (...)",
			"!= with a list holds if the value differs from one of its items, which is nearly always true")
	}
	each := make([]Expr, len(items))
	for i, it := range items {
		each[i] = b.negated(c, left, []item{it})
	}
	return anyOf(each...)
}

// negated binds !=: in SysFlow's rules the negation of =, in Falco's also only of a value
// that is there.
func (b *binder) negated(c *syntax.Check, left *Source, items []item) Expr {
	differs := not(b.positive(c, syntax.Eq, left, items))
	if left.sysflow() {
		return differs
	}
	return all(&Atom{Source: left, Test: Test{Kind: Present}}, differs)
}

// compare binds a comparison of two values of the record.
func (b *binder) compare(c *syntax.Check, left, right *Source) Expr {
	op := c.Op
	switch op {
	case syntax.Ne:
		op = syntax.Eq
	case syntax.Eq, syntax.Contains, syntax.IContains, syntax.StartsWith, syntax.EndsWith, syntax.In:
	case syntax.Lt, syntax.Le, syntax.Gt, syntax.Ge:
		if left.Type != field.Int || right.Type != field.Int {
			b.errorf(c.OpAt, len(op), "", "%s compares numbers, and %s is %s, %s is %s", op, left.Key, typeName(left.Type), right.Key, typeName(right.Type))
			return Const(false)
		}
	default:
		b.errorf(c.OpAt, len(op), "", "%s wants a constant on its right side", op)
		return Const(false)
	}
	if op == syntax.In {
		op = syntax.Eq
	}
	if left.Type != right.Type || (op != syntax.Eq && left.Type != field.Int) {
		left, right = left.asText(), right.asText()
	}
	holds := Expr(pair(left, op, right))
	if c.Op != syntax.Ne {
		return holds
	}
	if left.sysflow() {
		return not(holds)
	}
	present := Test{Kind: Present}
	return all(&Atom{Source: left, Test: present}, &Atom{Source: right, Test: present}, not(holds))
}

// pair returns the test of two values against each other. Its source is of the scope that
// both values lie in.
func pair(left *Source, op syntax.Op, right *Source) *Atom {
	src := *left
	src.Key = left.Key + " " + string(op) + " " + right.Key
	src.Scope = commonScope([]*Source{left, right})
	src.Fields = append(append([]field.Ref(nil), left.Fields...), right.Fields...)
	return &Atom{Source: &src, Test: Test{Kind: Compares, Op: op, Other: right}}
}

func typeName(t field.Type) string {
	switch t {
	case field.Int:
		return "a number"
	case field.Bool:
		return "a boolean"
	case field.Addr:
		return "an address"
	default:
		return "a text"
	}
}
