package naive

import (
	"fmt"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// falcoCheck follows Falco: without a value nothing holds, not even !=.
func falcoCheck(c *syntax.Check, left value, right []value) (bool, error) {
	if len(left.items) == 0 {
		return false, nil
	}
	switch c.Op {
	case syntax.Exists:
		return true, nil
	case syntax.In:
		if left.list {
			return everyIn(left, right)
		}
	}
	return quantify(c, right, func(v value) (bool, error) { return falcoHolds(c.Op, left, v) })
}

// everyIn reports whether each item of a list is one of those on the right.
func everyIn(left value, right []value) (bool, error) {
	for _, i := range left.items {
		one := left
		one.items = []item{i}
		found := false
		for _, v := range right {
			ok, err := falcoHolds(syntax.In, one, v)
			if err != nil {
				return false, err
			}
			found = found || ok
		}
		if !found {
			return false, nil
		}
	}
	return true, nil
}

// falcoHolds compares what is left with one operand on the right: it holds for one value,
// != is the negation of =.
func falcoHolds(op syntax.Op, left, right value) (bool, error) {
	if len(right.items) == 0 {
		return false, nil
	}
	if op == syntax.Ne {
		ok, err := falcoHolds(syntax.Eq, left, right)
		return !ok && err == nil, err
	}
	for _, a := range left.items {
		for _, b := range right.items {
			ok, err := falcoCompare(op, a, b, right.constant)
			if ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

func falcoCompare(op syntax.Op, a, b item, constant bool) (bool, error) {
	switch {
	case op == syntax.PMatch:
		return pathPrefix(b.String(), a.String()), nil
	case constant:
		return compareConstant(op, a, b.text)
	case a.typ != b.typ:
		return false, fmt.Errorf("cannot compare %q with %q", a, b)
	}
	return compareItems(op, a, b)
}
