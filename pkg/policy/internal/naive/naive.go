// Package naive evaluates conditions the plainest way there is, one node of the tree after
// the other, so that tests can compare the engine with it. It shares the fields' getters with
// the engine and nothing else: every operator is written again here, from the description of
// the languages. It also makes random records and rules.
//
// It expects conditions that package rules has loaded: without macros and names of lists.
package naive

import (
	"fmt"
	"slices"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// truth is the value of a condition: what SysFlow does not record is neither true nor false.
type truth int

const (
	no truth = iota
	unknown
	yes
)

// Eval reports whether a condition holds for a record, whatever the value of what is not
// recorded may be.
func Eval(n syntax.Node, r *field.Record) (bool, error) {
	t, err := eval(n, r)
	return t == yes, err
}

func eval(n syntax.Node, r *field.Record) (truth, error) {
	switch n := n.(type) {
	case *syntax.And:
		all := yes
		for _, o := range n.Operands {
			t, err := eval(o, r)
			if err != nil {
				return no, err
			}
			all = min(all, t)
		}
		return all, nil
	case *syntax.Or:
		one := no
		for _, o := range n.Operands {
			t, err := eval(o, r)
			if err != nil {
				return no, err
			}
			one = max(one, t)
		}
		return one, nil
	case *syntax.Not:
		t, err := eval(n.Operand, r)
		return yes - t, err
	case *syntax.Check:
		if guesses(n) {
			return unknown, nil
		}
		ok, err := check(n, r)
		if ok {
			return yes, err
		}
		return no, err
	}
	return no, fmt.Errorf("%s: unexpected %T", n.Pos(), n)
}

// guesses reports whether a check asks for something that is not recorded. SysFlow's own
// attributes of that kind are empty.
func guesses(c *syntax.Check) bool {
	if f, ok := c.Left.(*syntax.Field); ok {
		if ref, problem := field.Resolve(f); problem == nil && ref.Language == field.SysFlow {
			return false
		}
	}
	return notRecorded(c.Left) || slices.ContainsFunc(c.Right, notRecorded)
}

func notRecorded(o syntax.Operand) bool {
	switch o := o.(type) {
	case *syntax.Field:
		ref, problem := field.Resolve(o)
		return problem == nil && ref.Answer == field.Unanswerable
	case *syntax.Call:
		return slices.ContainsFunc(o.Args, notRecorded)
	case *syntax.Tuple:
		return slices.ContainsFunc(o.Items, notRecorded)
	}
	return false
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
