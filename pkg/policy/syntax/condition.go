package syntax

import "strings"

// noGroup stands for the offset of a parenthesis where none is open.
const noGroup = -1

// or reads conditions joined by or, which binds weakest.
func (p *parser) or() (Node, *Error) {
	p.blanks()
	start := p.pos
	operands, err := p.chain("or", p.and)
	if err != nil {
		return nil, err
	}
	if len(operands) == 1 {
		return operands[0], nil
	}
	return &Or{At: p.at(start), Operands: operands}, nil
}

// and reads conditions joined by and.
func (p *parser) and() (Node, *Error) {
	p.blanks()
	start := p.pos
	operands, err := p.chain("and", p.not)
	if err != nil {
		return nil, err
	}
	if len(operands) == 1 {
		return operands[0], nil
	}
	return &And{At: p.at(start), Operands: operands}, nil
}

// chain reads operands with the keyword between them.
func (p *parser) chain(keyword string, operand func() (Node, *Error)) ([]Node, *Error) {
	var operands []Node
	for {
		n, err := operand()
		if err != nil {
			return nil, err
		}
		operands = append(operands, n)
		if !p.keyword(keyword) {
			return operands, nil
		}
	}
}

// not reads a term with any number of nots before it, of which two cancel each other.
func (p *parser) not() (Node, *Error) {
	p.blanks()
	start, negated := p.pos, false
	for p.keyword("not") {
		negated = !negated
	}
	n, err := p.term()
	if err != nil || !negated {
		return n, err
	}
	return &Not{At: p.at(start), Operand: n}, nil
}

// term reads a condition in parentheses, a check or the name of a macro.
func (p *parser) term() (Node, *Error) {
	p.blanks()
	switch c := p.peek(); {
	case c == '(':
		return p.group()
	case isQuote(c) || p.numberLength() > 0:
		return p.constantCheck()
	case isLetter(c) || isDigit(c) || c == '_':
		return p.checkOrMacro()
	default:
		return nil, p.noTerm(p.pos)
	}
}

// group reads a condition in parentheses. The opening one must be next.
func (p *parser) group() (Node, *Error) {
	open := p.pos
	if err := p.enter(open); err != nil {
		return nil, err
	}
	defer p.leave()
	p.pos++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	p.blanks()
	if !p.accept(')') {
		return nil, p.unexpected(n, open)
	}
	return n, nil
}

// checkOrMacro reads what begins with a name: a check if an operator follows, else a macro.
func (p *parser) checkOrMacro() (Node, *Error) {
	start := p.pos
	name := p.name()
	if reserved(name) {
		return nil, p.noTerm(start)
	}
	left, err := p.operandAfter(name, start)
	if err != nil {
		return nil, err
	}
	behind := p.pos
	p.blanks()
	opAt := p.pos
	if op, ok := p.operator(); ok {
		return p.check(left, start, op, opAt)
	}
	if isFieldLike(left) {
		return nil, p.noOperator(left, opAt)
	}
	p.pos = behind
	return &Macro{At: p.at(start), Name: name}, nil
}

// isFieldLike reports whether an operand cannot be the name of a macro.
func isFieldLike(o Operand) bool {
	f, ok := o.(*Field)
	return !ok || f.HasArg || strings.Contains(f.Name, ".")
}
