package engine

import (
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// presence sets the bit of every value.
type presence int32

// test implements tester.
func (t presence) test(_ *field.Record, _ *field.Value, bits []uint64) { set(bits, int32(t)) }

// nonZero sets the bit of values other than "", 0 and false.
type nonZero struct {
	source *expr.Source
	bit    int32
}

// test implements tester.
func (t nonZero) test(_ *field.Record, v *field.Value, bits []uint64) {
	var there bool
	switch {
	case t.source.Multi:
		there = slices.ContainsFunc(v.Strs, func(s string) bool { return s != "" }) ||
			slices.ContainsFunc(v.Ints, func(n int64) bool { return n != 0 }) || len(v.Addrs) > 0
	case t.source.Type == field.String:
		there = v.Str != ""
	case t.source.Type == field.Addr:
		there = v.Addr.IsValid()
	default:
		there = v.Int != 0
	}
	if there {
		set(bits, t.bit)
	}
}

// counted sets the bit of values that pass exactly so many of some tests.
type counted struct {
	tests []tester
	of    int32
	count int
	bit   int32
}

func newCounted(a *expr.Atom, bit int32) counted {
	atoms := make([]*expr.Atom, len(a.Test.Each))
	bits := make([]int32, len(atoms))
	for i := range atoms {
		atoms[i], bits[i] = &expr.Atom{Source: a.Source, Test: a.Test.Each[i]}, int32(i)
	}
	return counted{tests: testers(atoms, bits), of: int32(len(atoms)), count: a.Test.Count, bit: bit}
}

// test implements tester.
func (t counted) test(r *field.Record, v *field.Value, result []uint64) {
	passed := make([]uint64, (t.of+63)/64)
	for _, each := range t.tests {
		each.test(r, v, passed)
	}
	n := 0
	for _, word := range passed {
		n += bits.OnesCount64(word)
	}
	if n == t.count {
		set(result, t.bit)
	}
}

// every sets the bit of lists whose elements are all among the constants.
type every struct {
	atom *expr.Atom
	bit  int32
}

// test implements tester.
func (t every) test(_ *field.Record, v *field.Value, bits []uint64) {
	want := t.atom.Test
	outside := slices.ContainsFunc(v.Strs, func(s string) bool { return !slices.Contains(want.Texts, s) }) ||
		slices.ContainsFunc(v.Ints, func(n int64) bool {
			return !slices.ContainsFunc(want.Ranges, func(r expr.Range) bool { return r.Contains(n) })
		}) ||
		slices.ContainsFunc(v.Addrs, func(a netip.Addr) bool {
			return !slices.ContainsFunc(want.Networks, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) })
		})
	if !outside {
		set(bits, t.bit)
	}
}

// comparison sets the bit if two values of a record stand in a relation: if one element of
// the left does to one of the right.
type comparison struct {
	atom *expr.Atom
	bit  int32
}

// test implements tester.
func (t comparison) test(r *field.Record, v *field.Value, bits []uint64) {
	right := t.atom.Test.Other
	var other field.Value
	right.Get(r, &other)
	if !other.Present {
		return
	}
	left := t.atom.Source
	var holds bool
	switch left.Type {
	case field.String:
		holds = anyPair(elements(left.Multi, v.Str, v.Strs), elements(right.Multi, other.Str, other.Strs), t.relation())
	case field.Addr:
		holds = anyPair(elements(left.Multi, v.Addr, v.Addrs), elements(right.Multi, other.Addr, other.Addrs), sameAddress)
	default:
		holds = anyPair(elements(left.Multi, v.Int, v.Ints), elements(right.Multi, other.Int, other.Ints), t.order())
	}
	if holds {
		set(bits, t.bit)
	}
}

func elements[T any](multi bool, one T, many []T) []T {
	if multi {
		return many
	}
	return []T{one}
}

func anyPair[T any](left, right []T, holds func(a, b T) bool) bool {
	for _, a := range left {
		for _, b := range right {
			if holds(a, b) {
				return true
			}
		}
	}
	return false
}

func equal[T comparable](a, b T) bool { return a == b }

func sameAddress(a, b netip.Addr) bool { return a.Unmap().WithZone("") == b.Unmap().WithZone("") }

func (t comparison) relation() func(a, b string) bool {
	switch t.atom.Test.Op {
	case syntax.Contains:
		return strings.Contains
	case syntax.IContains:
		return func(a, b string) bool { return strings.Contains(expr.Lower(a), expr.Lower(b)) }
	case syntax.StartsWith:
		return strings.HasPrefix
	case syntax.EndsWith:
		return strings.HasSuffix
	default:
		return equal[string]
	}
}

func (t comparison) order() func(a, b int64) bool {
	switch t.atom.Test.Op {
	case syntax.Lt:
		return func(a, b int64) bool { return a < b }
	case syntax.Le:
		return func(a, b int64) bool { return a <= b }
	case syntax.Gt:
		return func(a, b int64) bool { return a > b }
	case syntax.Ge:
		return func(a, b int64) bool { return a >= b }
	default:
		return equal[int64]
	}
}
