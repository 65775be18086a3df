package syntax

import (
	"fmt"
	"strings"
)

// operandAfter reads the rest of an operand whose name has been read: the argument of a field
// or the arguments of a transformer.
func (p *parser) operandAfter(name string, start int) (Operand, *Error) {
	if p.peek() != '(' {
		return p.field(name, start)
	}
	switch {
	case name == "val":
		return nil, p.fail(start, len(name), "val stands on the right of an operator only", "write the field without it")
	case !isTransformer(name):
		return nil, p.fail(start, len(name), fmt.Sprintf("%q is no transformer", name),
			suggestion(name, transformerNames(), "a name before a parenthesis must be one of "+listed(transformerNames())))
	}
	return p.call(name, start, false)
}

// field reads the argument of a field in brackets, if there is one.
func (p *parser) field(name string, start int) (*Field, *Error) {
	f := &Field{At: p.at(start), Name: name}
	if p.peek() != '[' {
		return f, nil
	}
	arg, err := p.argument(name)
	if err != nil {
		return nil, err
	}
	f.Arg, f.HasArg = arg, true
	return f, nil
}

// argument reads a text in brackets: quoted, or as it stands up to the bracket that closes
// it. The opening one must be next.
func (p *parser) argument(name string) (string, *Error) {
	open := p.pos
	p.pos++
	if isQuote(p.peek()) {
		begin := p.pos
		if text, err := p.quoted(); err != nil {
			return "", err
		} else if p.accept(']') {
			return text, nil
		}
		p.pos = begin
	}
	length := argumentLength(p.text[p.pos:])
	if length < 0 {
		return "", p.fail(open, 1, fmt.Sprintf("the argument of %s is not closed by ']'", name), "put an argument with blanks or brackets in quotes")
	}
	if length == 0 {
		return "", p.fail(open, 2, fmt.Sprintf("the argument of %s is empty", name), "write something between the brackets or leave them out")
	}
	arg := p.text[p.pos : p.pos+length]
	p.pos += length + 1
	return arg, nil
}

// argumentLength returns how long the text before the bracket is that closes an argument, -1
// if there is none. Paths of gjson have brackets, parentheses and quotes of their own, and
// blanks within them: #(name=="a b").port.0.
func argumentLength(text string) int {
	open := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ']' && open == 0:
			return i
		case isBlank(c) && open == 0:
			return -1
		case c == '[' || c == '(':
			open++
		case (c == ']' || c == ')') && open > 0:
			open--
		case isQuote(c):
			end := strings.IndexByte(text[i+1:], c)
			if end < 0 {
				return -1
			}
			i += end + 1
		}
	}
	return -1
}
