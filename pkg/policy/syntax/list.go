package syntax

import "strings"

// isBracketList reports whether the bracket at the right of a scalar operator opens a list.
// That is so for SysFlow's attributes. For Falco's fields the bracket may be the beginning
// of a text, as in proc.name = [kworker], so it must enclose several items, which is no text.
func (p *parser) isBracketList(left Operand) bool {
	if isSysFlow(left) {
		return true
	}
	ahead, c := *p, &Check{}
	ahead.pos++
	return ahead.items(c, Brackets, p.pos, ']') == nil && len(c.Right) > 1
}

// isSysFlow reports whether an operand is an attribute of SysFlow, however misspelt.
func isSysFlow(o Operand) bool {
	f, ok := o.(*Field)
	return ok && (strings.HasPrefix(f.Name, "sf.") || strings.HasPrefix(f.Name, "sf-"))
}

// items reads a list up to its closing sign; the opening one has been read. Empty items are
// left out: the expansion of an empty list leaves commas behind.
func (p *parser) items(c *Check, form ListForm, open int, closing byte) *Error {
	c.Form = form
	for {
		p.blanks()
		switch {
		case p.accept(closing):
			return nil
		case p.accept(','):
			continue
		}
		o, err := p.item(open, closing)
		if err != nil {
			return err
		}
		c.Right = append(c.Right, o)
		p.blanks()
		if p.peek() != ',' && p.peek() != closing {
			return p.noItemEnd(open, closing)
		}
	}
}

// item reads an item of a list.
func (p *parser) item(open int, closing byte) (Operand, *Error) {
	if isQuote(p.peek()) {
		return p.literal()
	}
	start := p.pos
	var word string
	if closing == ']' {
		word = p.bareInBrackets()
	} else {
		word = p.span(isBare)
	}
	switch {
	case word == "":
		return nil, p.noItemEnd(open, closing)
	case opensBracket(word):
		return nil, p.fail(start, 1, "a bracket opens inside of a list in parentheses",
			"write the items without brackets, or in quotes if the bracket belongs to them")
	}
	return &Literal{At: p.at(start), Text: word}, nil
}

// opensBracket reports whether an item begins with a bracket that is not closed, as in
// ([a, b]). The program "[" may stand alone.
func opensBracket(word string) bool {
	return len(word) > 1 && word[0] == '[' && !strings.Contains(word, "]")
}

// literal reads a text in quotes.
func (p *parser) literal() (Operand, *Error) {
	start := p.pos
	text, err := p.quoted()
	if err != nil {
		return nil, err
	}
	return &Literal{At: p.at(start), Text: text, Quoted: true}, nil
}
