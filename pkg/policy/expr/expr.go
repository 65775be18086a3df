// Package expr binds conditions to fields: it checks that every field exists, that operators
// fit types and that constants can be read, and returns a tree of typed tests. What SysFlow
// and Falco understand differently (missing values, !=, lists) is settled here, so that a
// test is one thing: it holds for a value or it does not, and never for a missing one.
package expr

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Expr is a bound condition.
type Expr interface {
	// Key is equal for equal conditions.
	Key() string
}

// Const is a condition without a question left.
type Const bool

// And holds if all operands hold.
type And []Expr

// Or holds if one operand holds.
type Or []Expr

// Not holds if its operand does not.
type Not struct{ Operand Expr }

// Atom is one test of one value. For values of several elements it holds if it holds for
// one of them, unless Every is set.
type Atom struct {
	Source *Source
	Test   Test
	// Every wants a value whose elements all pass (Falco's `in` on true lists).
	Every bool
}

// Kind is what a test does.
type Kind int

const (
	// Present holds for every value.
	Present Kind = iota
	// NonZero holds for every value but "", 0 and false (SysFlow's exists).
	NonZero
	// Equals holds for texts equal to one of Texts.
	Equals
	// HasPrefix holds for texts that begin with one of Texts.
	HasPrefix
	// HasSuffix holds for texts that end with one of Texts.
	HasSuffix
	// HasSubstring holds for texts that contain one of Texts.
	HasSubstring
	// HasSubstringFold is HasSubstring without regard to ASCII case; Texts are in lower case.
	HasSubstringFold
	// UnderPath holds for paths equal to or below one of Texts, see JoinComponents.
	UnderPath
	// Matches holds for texts that Pattern matches.
	Matches
	// InRanges holds for numbers and booleans (0 and 1) within one of Ranges.
	InRanges
	// InNetworks holds for addresses in one of Networks.
	InNetworks
	// PassesCount holds for values that pass exactly Count of the tests Each.
	PassesCount
	// Compares holds if Op holds between the value and that of Other.
	Compares
)

// Test is what is asked of a value.
type Test struct {
	Kind     Kind
	Texts    []string
	Pattern  *regexp.Regexp
	Ranges   []Range
	Networks []netip.Prefix
	Each     []Test
	Count    int
	Op       syntax.Op
	Other    *Source

	// id is equal for equal tests, see key.
	id string
}

// Range is a set of numbers, both ends included.
type Range struct{ Min, Max int64 }

// Key implements Expr.
func (c Const) Key() string {
	if c {
		return "true"
	}
	return "false"
}

// Key implements Expr.
func (e And) Key() string { return "(" + joinKeys(e, " and ") + ")" }

// Key implements Expr.
func (e Or) Key() string { return "(" + joinKeys(e, " or ") + ")" }

// Key implements Expr.
func (e Not) Key() string { return "not " + e.Operand.Key() }

// Key implements Expr.
func (a *Atom) Key() string {
	key := a.Source.Key + " " + a.Test.key()
	if a.Every {
		key += " every"
	}
	return key
}

func joinKeys(list []Expr, sep string) string {
	keys := make([]string, len(list))
	for i, e := range list {
		keys[i] = e.Key()
	}
	return strings.Join(keys, sep)
}

// Walk calls fn for an expression and all that it is made of.
func Walk(e Expr, fn func(Expr)) {
	fn(e)
	switch e := e.(type) {
	case Not:
		Walk(e.Operand, fn)
	case And:
		for _, o := range e {
			Walk(o, fn)
		}
	case Or:
		for _, o := range e {
			Walk(o, fn)
		}
	}
}

// all returns the simplest expression that holds if all of list hold.
func all(list ...Expr) Expr {
	kept, settled := simplify(list, false)
	if settled != nil {
		return settled
	}
	return And(kept)
}

// anyOf returns the simplest expression that holds if one of list holds.
func anyOf(list ...Expr) Expr {
	kept, settled := simplify(list, true)
	if settled != nil {
		return settled
	}
	return Or(kept)
}

// simplify leaves out the constants of a list that one element of the value decisive decides.
// settled is what the list means where fewer than two elements are left.
func simplify(list []Expr, decisive Const) (kept []Expr, settled Expr) {
	for _, e := range list {
		switch e {
		case decisive:
			return nil, decisive
		case !decisive:
		default:
			kept = append(kept, e)
		}
	}
	switch len(kept) {
	case 0:
		return nil, !decisive
	case 1:
		return nil, kept[0]
	}
	return kept, nil
}

func not(e Expr) Expr {
	switch v := e.(type) {
	case Const:
		return !v
	case Not:
		return v.Operand
	}
	return Not{e}
}
