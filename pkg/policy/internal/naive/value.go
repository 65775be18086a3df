package naive

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// value is what an operand has: no item if it is missing, several for some fields.
type value struct {
	language field.Language
	typ      field.Type
	// multi fields may have several items; all that a list has count together.
	multi, list bool
	items       []item
	// constant values were written in the rule, made ones come from a transformer or from a
	// field that no record answers: they are never empty texts for want of a value.
	constant, made bool
	// name is that of the field.
	name string
}

// item is a single text, number, truth or address.
type item struct {
	typ  field.Type
	text string
	num  int64
	addr netip.Addr
}

func (i item) String() string {
	switch i.typ {
	case field.Int:
		return strconv.FormatInt(i.num, 10)
	case field.Bool:
		return strconv.FormatBool(i.num != 0)
	case field.Addr:
		return i.addr.String()
	}
	return i.text
}

func text(s string) item { return item{typ: field.String, text: s} }

// read asks a record for a field.
func read(f *field.Ref, r *field.Record) value {
	v := value{language: f.Language, typ: f.Type, multi: f.Multi, list: f.List, name: f.Name}
	if f.Get == nil {
		v.made = true // not even an empty text
		return v
	}
	var got field.Value
	f.Get(r, f.Arg, &got)
	switch {
	case !got.Present:
	case f.Multi:
		for _, s := range got.Strs {
			v.items = append(v.items, text(s))
		}
		for _, n := range got.Ints {
			v.items = append(v.items, item{typ: f.Type, num: n})
		}
		for _, a := range got.Addrs {
			v.items = append(v.items, item{typ: field.Addr, addr: a})
		}
	default:
		v.items = []item{{typ: f.Type, text: got.Str, num: got.Int, addr: got.Addr}}
	}
	return v
}

func operand(o syntax.Operand, r *field.Record) (value, error) {
	switch o := o.(type) {
	case *syntax.Field:
		ref, problem := field.Resolve(o)
		if problem != nil {
			return value{}, errors.New(problem.Message)
		}
		return read(&ref, r), nil
	case *syntax.Call:
		return call(o, r)
	case *syntax.Literal:
		return value{items: []item{text(o.Text)}, constant: true}, nil
	}
	return value{}, fmt.Errorf("%s: unexpected %T", o.Pos(), o)
}

// rightOperand is a constant, a transformer, or after an attribute of SysFlow the name of a
// field without quotes.
func rightOperand(c *syntax.Check, o syntax.Operand, left value, r *field.Record) (value, error) {
	l, ok := o.(*syntax.Literal)
	if ok && c.Form == syntax.Single && !l.Quoted && left.language == field.SysFlow {
		if _, known := field.Lookup(l.Text); known {
			o = &syntax.Field{At: l.At, Name: l.Text}
		}
	}
	return operand(o, r)
}

// number reads a constant as a number.
func number(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("not a number: %q", s)
	}
	return n, nil
}
