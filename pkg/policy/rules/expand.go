package rules

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Limits of what macros and lists may stand for. They are far beyond any published rule
// (the largest of Falco's has 248 checks) and keep a few lines, each of which repeats the one
// before, from filling the memory.
const (
	maxChecks = 100_000
	maxNested = 5_000
	maxValues = 1_000_000
	// maxWritten is how many checks all conditions together may get from macros, and from lists
	// of which each item is a check of its own (oneof, glob, ...). Conditions
	// share the nodes of macros, but each has its own checks when they are bound to fields, of
	// some 400 bytes each (100 MB in all). Falco's stable rules get 238.
	maxWritten = 250_000
	// maxCopied is how many values all conditions together may have, lists expanded.
	maxCopied = 4_000_000
	// maxRead is how many bytes of text are read from all files together, aliases written
	// out, where an item of a list counts as itemCost bytes more.
	maxRead  = 4 * MaxFileSize
	itemCost = 16
)

// expansion is what is left of the limits that hold for all files together.
type expansion struct {
	// bytes may still be read; exhausted says that this has been too few.
	bytes     int
	exhausted bool
	// checks of macros may still be written out in conditions.
	checks int
	// values may still be put into conditions.
	values int
	// guesses may still be made about misspelt names.
	guesses  int
	suffixes map[string]int
	// guessed are the answers so far, near those of which list is meant.
	guessed, near map[string]string
}

func newExpansion() expansion {
	return expansion{bytes: maxRead, checks: maxWritten, values: maxCopied, guesses: 2_000_000, guessed: map[string]string{}, near: map[string]string{}}
}

// affords reports whether so much may still be read.
func (e *expansion) affords(bytes int) bool {
	e.bytes -= bytes
	return e.bytes >= 0
}

// copies reports whether so many values may be copied from a list to another place; that
// they may not is reported once.
func (l *loader) copies(values int, at diag.Position, to definition) bool {
	before := l.values
	l.values -= values
	if before >= 0 && l.values < 0 {
		l.errorf(diag.ErrValidate, at, to.label(), "use fewer or shorter lists",
			"the rules have more than %d values when lists are written out", maxCopied)
	}
	return l.values >= 0
}

// writes reports whether so many checks of macros may be written out in another condition; that
// they may not is reported once.
func (l *loader) writes(checks int, d definition) bool {
	before := l.checks
	l.checks -= checks
	if before >= 0 && l.checks < 0 {
		l.errorf(diag.ErrCompileCondition, d.pos, d.label(), "use smaller macros and lists, or load fewer rules at once",
			"with the %s the conditions have more than %d checks when macros and lists are written out", d.label(), maxWritten)
	}
	return l.checks >= 0
}

// state says how far a macro or list has been resolved.
type state int

const (
	untouched state = iota
	inWork
	done
	// failed ones have been reported.
	failed
)

// macro is a macro while it is loaded.
type macro struct {
	definition
	text  passage
	state state
	node  syntax.Node
	size  size
	used  bool
}

// size is that of a condition written out.
type size struct{ checks, depth int }

// add returns the size of something with one more operand.
func (s size) add(operand size) size {
	return size{min(s.checks+operand.checks, maxChecks+1), max(s.depth, operand.depth+1)}
}

func (s size) excessive() bool { return s.checks > maxChecks || s.depth > maxNested }

// expander resolves the names in conditions of a definition.
type expander struct {
	*loader
	of definition
	// fromMacros is how many checks come from macros, and from lists of which each item is one.
	fromMacros int
	// failed is set after an error, also one of a macro that is used.
	failed bool
}

func (e *expander) fail(at diag.Position, length int, hint, format string, args ...any) {
	e.failed = true
	e.errorf(diag.ErrCompileCondition, at, e.of.label(), hint, format, args...)
	e.found[len(e.found)-1].Length = length
}

// node returns a condition without names of macros and lists, and its size. What a macro stands
// for is one node, which all that use it share.
func (e *expander) node(n syntax.Node) (syntax.Node, size) {
	switch n := n.(type) {
	case *syntax.And:
		ops, s := e.nodes(n.Operands)
		return &syntax.And{At: n.At, Operands: ops}, s
	case *syntax.Or:
		ops, s := e.nodes(n.Operands)
		return &syntax.Or{At: n.At, Operands: ops}, s
	case *syntax.Not:
		op, s := e.node(n.Operand)
		return &syntax.Not{At: n.At, Operand: op}, size{}.add(s)
	case *syntax.Check:
		c := e.check(n)
		tests := testsOf(c)
		e.fromMacros = min(e.fromMacros+tests-1, maxWritten+1)
		return c, size{checks: tests}
	case *syntax.Macro:
		return e.macro(n)
	}
	return n, size{}
}

func (e *expander) nodes(list []syntax.Node) ([]syntax.Node, size) {
	out := make([]syntax.Node, len(list))
	var total size
	for i, n := range list {
		var s size
		out[i], s = e.node(n)
		total = total.add(s)
	}
	return out, total
}

// macro returns the condition that a name stands for.
func (e *expander) macro(n *syntax.Macro) (syntax.Node, size) {
	m, ok := e.macros.seenBy(n.Name, &e.of)
	switch {
	case !ok:
		e.fail(n.At, len(n.Name), e.undefinedHint(n.Name), "the macro %q is not defined", n.Name)
		return n, size{}
	case e.of.kind == "macro" && m.order >= e.of.changed && !m.source.sysflow && !e.of.source.sysflow && m.name != e.of.name:
		e.fail(n.At, len(n.Name), "move it up", "the macro %q is defined only at %s, behind this macro that uses it", n.Name, m.pos)
		return n, size{}
	}
	m.used = true
	e.resolveMacro(m)
	if m.state == failed {
		e.failed = true
		return n, size{}
	}
	e.fromMacros = min(e.fromMacros+m.size.checks, maxWritten+1)
	return m.node, m.size
}

func (e *expander) undefinedHint(name string) string {
	if l, ok := e.lists.seenBy(name, &e.of); ok {
		return "it is a list: write a field and in (" + l.name + ")"
	}
	if near := diag.Nearest(name, e.macros.names()); near != "" {
		return "did you mean " + near + "?"
	}
	return "define it, or write a check with a field and an operator"
}

// check expands the lists in a check.
func (e *expander) check(c *syntax.Check) *syntax.Check {
	right, form := c.Right, c.Form
	if form != syntax.Single && len(right) == 0 {
		e.warnf(diag.WarnNeverMatches, c.OpAt, e.of.label(), "name values, or a list", "nothing is in the empty list, so that the check never holds")
		e.found[len(e.found)-1].Length = len(c.Op)
	}
	if form == syntax.Single && len(right) == 1 {
		right, form = e.single(c)
	} else {
		right = e.items(right)
		e.suspectAlone(c)
	}
	return &syntax.Check{
		At: c.At, Left: c.Left, Op: c.Op, OpAt: c.OpAt, Modifier: c.Modifier, Right: right, Form: form,
	}
}

// patternCost is how many checks a pattern counts as: compiled, it takes
// 6 KB and more.
const patternCost = 64

// testsOf returns how many checks a check is made into: with a modifier, and with patterns,
// every item of its list is one.
func testsOf(c *syntax.Check) int {
	cost := 1
	if c.Op == syntax.Glob || c.Op == syntax.IGlob || c.Op == syntax.Regex {
		cost = patternCost
	}
	separate := c.Modifier != syntax.NoModifier || cost > 1 || c.Form == syntax.Brackets && c.Op == syntax.Ne
	if !separate {
		return 1
	}
	return max(1, min(len(c.Right)*cost, maxChecks+1))
}

// single expands the only operand on the right if it is the name of a list.
func (e *expander) single(c *syntax.Check) ([]syntax.Operand, syntax.ListForm) {
	lit, ok := c.Right[0].(*syntax.Literal)
	if !ok {
		return c.Right, syntax.Single
	}
	ls, isList := e.listNamed(lit)
	wantsList := c.Op == syntax.In || c.Op == syntax.Intersects || c.Op == syntax.PMatch
	switch {
	case isList && wantsList:
		return e.values(ls), syntax.Parens
	case wantsList:
		return c.Right, e.notList(c.Op, lit)
	case !isList:
	case isSysFlow(c.Left):
		return e.values(ls), syntax.Brackets
	case len(ls.resolved) == 1:
		return e.values(ls), syntax.Single
	case ls.state != failed:
		e.fail(lit.At, len(lit.Text), "compare with in ("+lit.Text+")",
			"the operator %s takes one value, but the list %q has %d", c.Op, lit.Text, len(ls.resolved))
	}
	return c.Right, syntax.Single
}

// notList reports that a list is not defined, unless the word does not look like the name of
// one. Falco takes whatever is no list as a value.
func (e *expander) notList(op syntax.Op, lit *syntax.Literal) syntax.ListForm {
	hint := "put values in parentheses: " + string(op) + " (" + lit.Text + ")"
	near := e.nearList(lit.Text)
	if near == "" && !lit.Quoted && !strings.Contains(lit.Text, "_") {
		e.warnf(diag.WarnSuspiciousLiteral, lit.At, e.of.label(), hint, "%q is no list and taken as a text", lit.Text)
		e.found[len(e.found)-1].Length = len(lit.Text)
		return syntax.Parens
	}
	if near != "" {
		hint = "did you mean " + near + "?"
	}
	e.fail(lit.At, len(lit.Text), hint, "the list %q is not defined", lit.Text)
	return syntax.Single
}

// isSysFlow reports whether a check follows SysFlow's semantics: its left side is one of
// SysFlow's attributes, which may be misspelt.
func isSysFlow(left syntax.Operand) bool {
	switch left := left.(type) {
	case *syntax.Field:
		return strings.HasPrefix(left.Name, "sf.") || strings.HasPrefix(left.Name, "sf-") || strings.HasPrefix(left.Name, "srf.")
	case *syntax.Call:
		return len(left.Args) > 0 && isSysFlow(left.Args[0])
	}
	return false
}

// items expands the lists among the items of a list.
func (e *expander) items(list []syntax.Operand) []syntax.Operand {
	var out []syntax.Operand // nil as long as nothing is expanded
	for i, o := range list {
		ls, ok := e.listAt(o)
		switch {
		case ok && len(list) == 1:
			return e.values(ls)
		case ok && !e.copies(len(ls.resolved), o.Pos(), e.of):
			e.failed = true
			return list
		case ok:
			if out == nil {
				out = append(make([]syntax.Operand, 0, len(list)+len(ls.resolved)), list[:i]...)
			}
			out = append(out, e.values(ls)...)
		case out != nil:
			out = append(out, o)
		}
	}
	if out == nil {
		return list
	}
	return out
}

// listAt returns the list that an item of a list names.
func (e *expander) listAt(o syntax.Operand) (*list, bool) {
	lit, ok := o.(*syntax.Literal)
	if !ok || lit.Quoted {
		return nil, false
	}
	ls, ok := e.listNamed(lit)
	if !ok {
		e.suspect(lit, e.of)
	}
	return ls, ok
}

// suspectAlone warns about the only item of a list that is probably meant to be the name of one,
// such as trusted_programs, though no list has that name.
func (e *expander) suspectAlone(c *syntax.Check) {
	if c.Form != syntax.Parens || len(c.Right) != 1 || takesNamesOfEvents(c.Left) {
		return
	}
	lit, ok := c.Right[0].(*syntax.Literal)
	if !ok || lit.Quoted || !nameOfList.MatchString(lit.Text) || len(lit.Text) == cutName || e.guessed[lit.Text] != "" {
		return
	}
	if _, ok := e.lists.seenBy(lit.Text, &e.of); !ok {
		e.suspicious(lit, e.of, defineIt)
	}
}

// cutName is how long the name of a program is that the kernel has cut, as Falco's rules have them:
// unicorn_launche.
const cutName = 15

// takesNamesOfEvents reports whether the values of an operand look like names of lists.
func takesNamesOfEvents(o syntax.Operand) bool {
	f, ok := o.(*syntax.Field)
	return ok && (f.Name == "evt.type" || f.Name == "syscall.type")
}

// listNamed returns the list that an unquoted literal names.
func (e *expander) listNamed(lit *syntax.Literal) (*list, bool) {
	if lit.Quoted {
		return nil, false
	}
	ls, ok := e.lists.seenBy(lit.Text, &e.of)
	if ok {
		ls.used = true
		e.resolveList(ls)
		e.failed = e.failed || ls.state == failed
	}
	return ls, ok
}

// values returns the values of a list. All checks against nothing but this list, also those of
// other rules and macros, have this very slice on their right: the binder knows it again by its
// first element and makes its table once.
func (e *expander) values(ls *list) []syntax.Operand {
	if ls.operands == nil {
		ls.operands = make([]syntax.Operand, len(ls.resolved))
		for i, v := range ls.resolved {
			ls.operands[i] = v
		}
	}
	return ls.operands
}
