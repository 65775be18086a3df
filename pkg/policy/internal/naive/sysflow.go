package naive

import (
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// sysflowCheck follows SysFlow: a missing text is empty; without a number, a truth, an address
// or an item of a list only != holds, and so it is if a transformer has no result.
func sysflowCheck(c *syntax.Check, left value, right []value) (bool, error) {
	if c.Op == syntax.Exists {
		return slices.ContainsFunc(left.items, there), nil
	}
	left = orEmpty(left)
	return quantify(c, right, func(v value) (bool, error) { return sysflowHolds(c.Op, left, orEmpty(v)) })
}

// there reports whether an item is neither empty nor zero nor false.
func there(i item) bool { return i.text != "" || i.num != 0 || i.addr.IsValid() }

func orEmpty(v value) value {
	if len(v.items) == 0 && v.typ == field.String && !v.multi && !v.made {
		v.items = []item{text("")}
	}
	return v
}

func sysflowHolds(op syntax.Op, left, right value) (bool, error) {
	if op == syntax.Ne {
		ok, err := sysflowHolds(syntax.Eq, left, right)
		return !ok && err == nil, err
	}
	for _, a := range left.items {
		for _, b := range right.items {
			ok, err := sysflowCompare(op, left.name, a, b, right.constant)
			if ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

func sysflowCompare(op syntax.Op, name string, a, b item, constant bool) (bool, error) {
	switch op {
	case syntax.PMatch:
		return strings.Contains(a.String(), b.String()), nil
	case syntax.Contains, syntax.IContains, syntax.StartsWith, syntax.EndsWith,
		syntax.BContains, syntax.BStartsWith, syntax.Glob, syntax.IGlob, syntax.Regex:
		return compareText(op, a.String(), b.String())
	}
	switch {
	case constant && name == "sf.opflags":
		return slices.Contains(operations(b.text), a.text), nil
	case constant:
		return compareConstant(op, a, b.text)
	case a.typ != b.typ:
		return compareText(op, a.String(), b.String())
	}
	return compareItems(op, a, b)
}

// operations are the texts that the name of an operation stands for.
func operations(name string) []string {
	switch upper(name) {
	case "READ_RECV":
		return []string{"READ", "RECV"}
	case "WRITE_SEND":
		return []string{"WRITE", "SEND"}
	}
	return []string{upper(name)}
}

// compareItems compares items of the same type.
func compareItems(op syntax.Op, a, b item) (bool, error) {
	switch a.typ {
	case field.Int, field.Bool:
		return compareNumber(op, a.num, b.num)
	case field.Addr:
		return a.addr == b.addr, nil
	}
	return compareText(op, a.text, b.text)
}
