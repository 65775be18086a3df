package naive

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// compareText applies an operator to two texts. pmatch differs between the languages and is
// not among them.
func compareText(op syntax.Op, s, pattern string) (bool, error) {
	switch op {
	case syntax.Eq, syntax.In, syntax.Intersects:
		return s == pattern, nil
	case syntax.Lt:
		return s < pattern, nil
	case syntax.Le:
		return s <= pattern, nil
	case syntax.Gt:
		return s > pattern, nil
	case syntax.Ge:
		return s >= pattern, nil
	case syntax.Contains:
		return strings.Contains(s, pattern), nil
	case syntax.IContains:
		return strings.Contains(lower(s), lower(pattern)), nil
	case syntax.StartsWith:
		return strings.HasPrefix(s, pattern), nil
	case syntax.EndsWith:
		return strings.HasSuffix(s, pattern), nil
	case syntax.Glob:
		return glob(pattern, s), nil
	case syntax.IGlob:
		return glob(lower(pattern), lower(s)), nil
	case syntax.BContains, syntax.BStartsWith:
		b, err := hex.DecodeString(pattern)
		if op == syntax.BStartsWith {
			return strings.HasPrefix(s, string(b)), err
		}
		return strings.Contains(s, string(b)), err
	case syntax.Regex:
		re, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
		return err == nil && re.MatchString(s), err
	}
	return false, fmt.Errorf("the operator %s is not for texts", op)
}

func compareNumber(op syntax.Op, a, b int64) (bool, error) {
	switch op {
	case syntax.Eq, syntax.In, syntax.Intersects:
		return a == b, nil
	case syntax.Lt:
		return a < b, nil
	case syntax.Le:
		return a <= b, nil
	case syntax.Gt:
		return a > b, nil
	case syntax.Ge:
		return a >= b, nil
	}
	return false, fmt.Errorf("the operator %s is not for numbers", op)
}

// compareAddr compares an address with an address or a network.
func compareAddr(op syntax.Op, a netip.Addr, pattern string) (bool, error) {
	if op != syntax.Eq && op != syntax.In && op != syntax.Intersects {
		return false, fmt.Errorf("the operator %s is not for addresses", op)
	}
	if strings.Contains(pattern, "/") {
		p, err := netip.ParsePrefix(pattern)
		return err == nil && p.Contains(a), err
	}
	b, err := netip.ParseAddr(pattern)
	return a == b, err
}

func compareBool(op syntax.Op, a int64, pattern string) (bool, error) {
	if op != syntax.Eq && op != syntax.In && op != syntax.Intersects {
		return false, fmt.Errorf("the operator %s is not for truths", op)
	}
	switch pattern {
	case "true":
		return a != 0, nil
	case "false":
		return a == 0, nil
	}
	return false, fmt.Errorf("neither true nor false: %q", pattern)
}

// compareConstant compares an item with a constant as the item's type asks.
func compareConstant(op syntax.Op, i item, pattern string) (bool, error) {
	switch i.typ {
	case field.Int:
		n, err := number(pattern)
		if err != nil {
			return false, err
		}
		return compareNumber(op, i.num, n)
	case field.Bool:
		return compareBool(op, i.num, pattern)
	case field.Addr:
		return compareAddr(op, i.addr, pattern)
	}
	return compareText(op, i.text, pattern)
}

// lower changes ASCII letters only, as C's functions do in the locale of Falco.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c + 'A' - 'a'
		}
	}
	return string(b)
}

// pathPrefix reports whether the components of the pattern are the first of the path; they
// may be globs (libs, userspace/libsinsp/prefix_search.h).
func pathPrefix(pattern, path string) bool {
	want, have := components(pattern), components(path)
	if len(want) > len(have) {
		return false
	}
	for i, w := range want {
		if !glob(w, have[i]) {
			return false
		}
	}
	return true
}

func components(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
}
