package expr

import (
	"encoding/hex"
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// positive binds a comparison with constants that is no negation: it holds if it holds for
// one of them.
func (b *binder) positive(c *syntax.Check, op syntax.Op, left *Source, items []item) Expr {
	every := op == syntax.In && left.List && !left.sysflow()
	if op == syntax.In || op == syntax.Intersects {
		op = syntax.Eq
	}
	if left.sysflow() && left.Type != field.String && isTextOp(op) {
		left = left.asText()
	}
	if op == syntax.PMatch && left.Type == field.String && !left.sysflow() {
		return b.underPaths(left, items)
	}
	var test Test
	var ok bool
	switch left.Type {
	case field.String:
		test, ok = b.textTest(c, op, left, items)
	case field.Int:
		test, ok = b.numberTest(c, op, left, items)
	case field.Bool:
		test, ok = b.boolTest(c, op, left, items)
	case field.Addr:
		test, ok = b.addressTest(c, op, left, items)
	}
	if !ok {
		return Const(false)
	}
	return &Atom{Source: left, Test: test, Every: every}
}

func isTextOp(op syntax.Op) bool {
	switch op {
	case syntax.Contains, syntax.IContains, syntax.StartsWith, syntax.EndsWith, syntax.PMatch,
		syntax.Glob, syntax.IGlob, syntax.Regex, syntax.BContains, syntax.BStartsWith:
		return true
	}
	return false
}

func (b *binder) wrongOp(c *syntax.Check, left *Source, fits string) {
	b.errorf(c.OpAt, len(c.Op), "use "+fits, "operator %s does not fit %s, which is %s", c.Op, left.Key, typeName(left.Type))
}

func itemTexts(items []item) []string {
	out := make([]string, len(items))
	for i, it := range items {
		out[i] = it.text
	}
	return out
}

func (b *binder) textTest(c *syntax.Check, op syntax.Op, left *Source, items []item) (Test, bool) {
	list := itemTexts(items)
	switch op {
	case syntax.Eq:
		switch left.Key {
		case field.EventType:
			list = b.events(items)
		case field.Operations:
			list = b.operations(items)
		default:
			b.checkValues(left, items)
		}
		return texts(Equals, list...), len(list) > 0
	case syntax.Contains:
		return texts(HasSubstring, list...), true
	case syntax.IContains:
		return texts(HasSubstringFold, list...), true
	case syntax.StartsWith:
		return texts(HasPrefix, list...), true
	case syntax.EndsWith:
		return texts(HasSuffix, list...), true
	case syntax.PMatch: // of SysFlow; Falco's is underPaths
		return texts(HasSubstring, list...), true
	case syntax.Glob, syntax.IGlob, syntax.Regex:
		return b.patternTest(op, items)
	case syntax.BContains:
		return b.bytesTest(HasSubstring, items)
	case syntax.BStartsWith:
		return b.bytesTest(HasPrefix, items)
	}
	b.wrongOp(c, left, "=, in, contains, startswith, endswith, glob, regex or pmatch")
	return Test{}, false
}

// patternTest compiles patterns into one that matches what one of them does.
func (b *binder) patternTest(op syntax.Op, items []item) (Test, bool) {
	each := make([]string, len(items))
	for i, it := range items {
		re, err := compilePattern(op, it.text)
		if err != nil {
			b.errorf(it.at, len(it.text), "patterns are in RE2's syntax, without look-around and back references",
				"%s pattern %q: %v", op, it.text, err)
			return Test{}, false
		}
		each[i] = re.String()
	}
	re, err := regexp.Compile(strings.Join(each, "|"))
	if err != nil { // each is good, so they are too many
		b.errorf(items[0].at, len(items[0].text), "split the list", "%s patterns: %v", op, err)
		return Test{}, false
	}
	return Test{Kind: Matches, Pattern: re}, true
}

// underPaths binds Falco's pmatch: a path is one of some, or below it. Components may be
// patterns; slashes at the beginning, at the end and repeated do not count, so that "/" is
// above everything (libs, userspace/libsinsp/prefix_search.h).
func (b *binder) underPaths(left *Source, items []item) Expr {
	var plain []string
	var out []Expr
	for _, it := range items {
		path := JoinComponents(it.text)
		if !strings.ContainsAny(path, `*?[\`) {
			plain = append(plain, path)
			continue
		}
		re, err := pathPattern(path)
		if err != nil {
			b.errorf(it.at, len(it.text), "", "pmatch pattern %q: %v", it.text, err)
			return Const(false)
		}
		out = append(out, &Atom{Source: left, Test: Test{Kind: Matches, Pattern: re}})
	}
	if plain != nil {
		out = append(out, &Atom{Source: left, Test: texts(UnderPath, plain...)})
	}
	return anyOf(out...)
}

func (b *binder) bytesTest(kind Kind, items []item) (Test, bool) {
	list := make([]string, 0, len(items))
	for _, it := range items {
		raw, err := hex.DecodeString(it.text)
		if err != nil {
			b.errorf(it.at, len(it.text), "like CAFE01", "%q is no sequence of bytes in hexadecimal", it.text)
			return Test{}, false
		}
		list = append(list, string(raw))
	}
	return texts(kind, list...), true
}

// events returns the names of system calls that records may have.
func (b *binder) events(items []item) []string {
	var out []string
	for _, it := range items {
		recorded, known := field.KnownEvent(it.text)
		switch {
		case recorded:
			out = append(out, it.text)
		case known:
			b.noteUnanswerable(diag.WarnUnanswerableEvent, it.at, "evt.type "+it.text, "the system call is not recorded")
		default:
			b.bound.UnknownField = true // as Falco has it, for skip-if-unknown-filter
			hint := "names are those of Linux system calls, in lower case"
			if near := field.SuggestEvent(it.text); near != "" {
				hint = "did you mean " + near + "?"
			}
			b.errorf(it.at, len(it.text), hint, "unknown event type %q", it.text)
		}
	}
	return out
}

// isComm reports whether a value is the name of a task, which the kernel cuts.
func (s *Source) isComm() bool {
	if len(s.Fields) != 1 || s.Key != s.Fields[0].Text {
		return false
	}
	switch s.Fields[0].Name {
	case "proc.name", "proc.pname", "proc.aname":
		return true
	}
	return false
}

// checkValues warns about texts that a field never has.
func (b *binder) checkValues(left *Source, items []item) {
	for _, it := range items {
		if left.isComm() && len(it.text) > field.CommLength {
			hint := fmt.Sprintf("write %q", it.text[:field.CommLength])
			if !it.quoted && strings.Contains(it.text, "_") {
				hint = fmt.Sprintf("there is no list of this name either; if a program is meant, write %q", it.text[:field.CommLength])
			}
			b.warnf(diag.WarnSuspiciousLiteral, it.at, len(it.text), hint,
				"%s has at most %d bytes, so it is never %q", left.Key, field.CommLength, it.text)
		}
		if left.form.Allows(it.text) {
			continue
		}
		hint := "its values are " + strings.Join(left.form.Values, ", ")
		if near := diag.Nearest(it.text, slices.Values(left.form.Values)); near != "" {
			hint = "did you mean " + near + "?"
		}
		b.warnf(diag.WarnSuspiciousLiteral, it.at, len(it.text), hint, "%s is never %q", left.Key, it.text)
	}
}

// operations returns the values of sf.opflags that are meant: READ_RECV is both READ and RECV.
func (b *binder) operations(items []item) []string {
	var out []string
	for _, it := range items {
		if names := field.OpNames(it.text); names != nil && it.text == strings.ToUpper(it.text) {
			out = append(out, names...)
			continue
		}
		out = append(out, it.text)
		b.warnf(diag.WarnSuspiciousLiteral, it.at, len(it.text), "names are in upper case, like EXEC, OPEN or WRITE",
			"%q is no operation, so %s never equals it", it.text, field.Operations)
	}
	return out
}

func (b *binder) numberTest(c *syntax.Check, op syntax.Op, left *Source, items []item) (Test, bool) {
	var list []Range
	for _, it := range items {
		n, ok := parseInt(it.text)
		if !ok {
			b.errorf(it.at, len(it.text), "", "%s is a number, and %q is none", left.Key, it.text)
			return Test{}, false
		}
		switch op {
		case syntax.Eq:
			list = append(list, Range{n, n})
		case syntax.Lt:
			list = append(list, below(n)...)
		case syntax.Le:
			list = append(list, Range{math.MinInt64, n})
		case syntax.Gt:
			list = append(list, above(n)...)
		case syntax.Ge:
			list = append(list, Range{n, math.MaxInt64})
		default:
			b.wrongOp(c, left, "=, !=, <, <=, >, >= or in")
			return Test{}, false
		}
	}
	return ranges(list...), true
}

func (b *binder) boolTest(c *syntax.Check, op syntax.Op, left *Source, items []item) (Test, bool) {
	if op != syntax.Eq {
		b.wrongOp(c, left, "= or !=")
		return Test{}, false
	}
	var list []Range
	for _, it := range items {
		n, ok := parseBool(it.text)
		if !ok {
			b.errorf(it.at, len(it.text), "use true or false", "%s is a boolean, and %q is none", left.Key, it.text)
			return Test{}, false
		}
		list = append(list, Range{n, n})
	}
	return ranges(list...), true
}

func (b *binder) addressTest(c *syntax.Check, op syntax.Op, left *Source, items []item) (Test, bool) {
	if op != syntax.Eq {
		b.wrongOp(c, left, "=, != or in")
		return Test{}, false
	}
	list := make([]netip.Prefix, 0, len(items))
	for _, it := range items {
		p, ok := parseNetwork(it.text)
		if !ok {
			b.errorf(it.at, len(it.text), "like 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32", "%s is an address, and %q is none", left.Key, it.text)
			return Test{}, false
		}
		list = append(list, p)
	}
	slices.SortFunc(list, comparePrefixes)
	return Test{Kind: InNetworks, Networks: slices.Compact(list)}, true
}

func comparePrefixes(a, b netip.Prefix) int {
	if c := a.Addr().Compare(b.Addr()); c != 0 {
		return c
	}
	return a.Bits() - b.Bits()
}
