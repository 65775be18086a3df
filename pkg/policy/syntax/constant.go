package syntax

import "strings"

// numberLength returns the length of the number that is next, 0 if there is none.
func (p *parser) numberLength() int {
	ahead := *p
	if word := ahead.span(isName); strings.ContainsAny(word, "0123456789") && strings.Trim(word, "0123456789.-") == "" {
		return len(word)
	}
	return 0
}

// constantCheck reads a check with a number or a quoted text on the left. Falco has no such
// checks; SysFlow policies have macros like "1 = 1".
func (p *parser) constantCheck() (Node, *Error) {
	start := p.pos
	left := &Literal{At: p.at(start)}
	if n := p.numberLength(); n > 0 {
		left.Text = p.text[start : start+n]
		p.pos += n
	} else {
		text, err := p.quoted()
		if err != nil {
			return nil, err
		}
		left.Text, left.Quoted = text, true
	}
	p.blanks()
	opAt := p.pos
	op, ok := p.operator()
	if !ok || op == Exists {
		return nil, p.noTerm(start)
	}
	n, err := p.check(left, start, op, opAt)
	if err != nil {
		return nil, err
	}
	if c, ok := n.(*Check); ok && asksRecord(c) {
		return nil, p.noTerm(start)
	}
	return n, nil
}

// asksRecord reports whether there seems to be a field on the right, so that the sides of the
// check are the wrong way round.
func asksRecord(c *Check) bool {
	if c.Form != Single {
		return false
	}
	l, ok := c.Right[0].(*Literal)
	if !ok {
		return true
	}
	dot := strings.IndexByte(l.Text, '.')
	return !l.Quoted && dot > 0 && dot < len(l.Text)-1 && isLetter(l.Text[0]) && isLetter(l.Text[dot+1])
}
