package syntax

import (
	"fmt"
	"strings"
)

// symbols are the operators that are no words, longer ones before those that they begin with.
var symbols = []struct {
	text string
	op   Op
}{{"==", Eq}, {"=", Eq}, {"!=", Ne}, {"<=", Le}, {"<", Lt}, {">=", Ge}, {">", Gt}}

// words are the operators that are words.
var words = map[string]Op{
	"exists": Exists, "contains": Contains, "icontains": IContains, "bcontains": BContains,
	"startswith": StartsWith, "bstartswith": BStartsWith, "endswith": EndsWith,
	"glob": Glob, "iglob": IGlob, "regex": Regex,
	"in": In, "intersects": Intersects, "pmatch": PMatch,
}

// modifiers stand between an operator for texts and a list.
var modifiers = map[string]Modifier{"oneof": OneOf, "anyof": AnyOf, "allof": AllOf}

// reserved reports whether a word cannot be the name of a field or macro.
func reserved(name string) bool {
	_, ok := words[name]
	return ok || name == "and" || name == "or" || name == "not"
}

// operator reads an operator.
func (p *parser) operator() (Op, bool) {
	rest := p.text[p.pos:]
	for _, s := range symbols {
		if strings.HasPrefix(rest, s.text) {
			p.pos += len(s.text)
			return s.op, true
		}
	}
	start := p.pos
	op, ok := words[p.span(isName)]
	if !ok {
		p.pos = start
	}
	return op, ok
}

// check reads the right side of a check.
func (p *parser) check(left Operand, start int, op Op, opAt int) (Node, *Error) {
	c := &Check{At: p.at(start), Left: left, Op: op, OpAt: p.at(opAt)}
	var err *Error
	p.blanks()
	switch op {
	case Exists:
	case In, Intersects, PMatch:
		err = p.listSide(c)
	default:
		err = p.scalarSide(c)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// scalarSide reads what stands right of an operator that compares with one value: a literal,
// a transformer, a modifier with a list, or a SysFlow list in brackets.
func (p *parser) scalarSide(c *Check) *Error {
	switch {
	case isQuote(p.peek()):
		return p.single(c, p.literal)
	case p.peek() == '[' && p.isBracketList(c.Left):
		open := p.pos
		p.pos++
		return p.items(c, Brackets, open, ']')
	}
	start := p.pos
	word := p.span(isBare)
	switch {
	case word == "":
		return p.noValue(c)
	case p.peek() == '(' && isTransformer(word):
		return p.single(c, func() (Operand, *Error) { return p.call(word, start, true) })
	case p.startsModifier(word):
		return p.modified(c, start, modifiers[word])
	case p.peek() == '(':
		return p.fail(start, len(word)+1, fmt.Sprintf("%q is no transformer", word),
			suggestion(word, transformerNames(), "put a text with parentheses in quotes"))
	}
	c.Right = []Operand{&Literal{At: p.at(start), Text: word}}
	return nil
}

// single reads the only operand on the right.
func (p *parser) single(c *Check, operand func() (Operand, *Error)) *Error {
	o, err := operand()
	if err != nil {
		return err
	}
	c.Right = []Operand{o}
	return nil
}

// startsModifier reports whether a word is a modifier: without a list it is a text like any
// other.
func (p *parser) startsModifier(word string) bool {
	return modifiers[word] != NoModifier && strings.HasPrefix(strings.TrimLeft(p.text[p.pos:], " \t\b\r\n\f\v"), "(")
}

// modified reads the list of a modifier, which begins at start.
func (p *parser) modified(c *Check, start int, m Modifier) *Error {
	switch c.Op {
	case Lt, Le, Gt, Ge:
		return p.fail(start, len(m), fmt.Sprintf("the modifier %s does not go with the operator %s", m, c.Op),
			"compare with one number")
	}
	c.Modifier = m
	p.blanks()
	open := p.pos
	p.pos++
	return p.items(c, Parens, open, ')')
}

// listSide reads what stands right of in, intersects and pmatch: a list in parentheses, the
// name of a list, or a transformer.
func (p *parser) listSide(c *Check) *Error {
	start := p.pos
	if p.accept('(') {
		return p.items(c, Parens, start, ')')
	}
	word := p.span(isName)
	switch {
	case word == "" || !p.end() && p.peek() != '(' && isBare(p.peek()):
		p.pos = start
		return p.noList(c)
	case p.peek() == '(' && isTransformer(word):
		return p.single(c, func() (Operand, *Error) { return p.call(word, start, true) })
	}
	c.Right = []Operand{&Literal{At: p.at(start), Text: word}}
	return nil
}
