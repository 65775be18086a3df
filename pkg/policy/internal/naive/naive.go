// Package naive evaluates conditions the plainest way there is, one node of the tree after
// the other, so that tests can compare the engine with it. It shares the fields' getters with
// the engine and nothing else: every operator is written again here, from the description of
// the languages. It also makes random records and rules.
//
// It expects conditions that package rules has loaded: without macros and names of lists.
package naive

import (
	"fmt"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Eval reports whether a condition holds for a record.
func Eval(n syntax.Node, r *field.Record) (bool, error) {
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			if ok, err := Eval(o, r); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	case *syntax.Or:
		for _, o := range n.Operands {
			if ok, err := Eval(o, r); ok || err != nil {
				return ok, err
			}
		}
		return false, nil
	case *syntax.Not:
		ok, err := Eval(n.Operand, r)
		return !ok && err == nil, err
	case *syntax.Check:
		return check(n, r)
	}
	return false, fmt.Errorf("%s: unexpected %T", n.Pos(), n)
}

func check(c *syntax.Check, r *field.Record) (bool, error) {
	left, err := operand(c.Left, r)
	if err != nil {
		return false, err
	}
	var right []value
	for _, o := range c.Right {
		v, err := rightOperand(c, o, left, r)
		if err != nil {
			return false, err
		}
		right = append(right, v)
	}
	if left.language == field.SysFlow {
		return sysflowCheck(c, left, right)
	}
	return falcoCheck(c, left, right)
}

// quantify combines the results for the items on the right as operator, modifier and form of
// the list say.
func quantify(c *syntax.Check, right []value, holds func(value) (bool, error)) (bool, error) {
	n := 0
	for _, v := range right {
		ok, err := holds(v)
		if err != nil {
			return false, err
		}
		if ok {
			n++
		}
	}
	switch c.Modifier {
	case syntax.AllOf:
		return n == len(right), nil
	case syntax.OneOf:
		return n == 1, nil
	}
	return n > 0, nil
}
