package syntax

import (
	"strconv"
	"strings"
)

// maxWidth bounds the width of a value in an output, which is padded to it.
const maxWidth = 4096

// Template is an output text with values of the record in it: "%proc.name did %evt.type".
type Template struct {
	Text  string
	Parts []Part
}

// Part is a literal text, or a value where Operand is set.
type Part struct {
	Literal string
	Operand Operand
	// Width pads or cuts the value to so many characters; 0 leaves it (Falco: %10field).
	Width int
}

// ParseTemplate reads an output. Values are a field or a transformer after a percent sign,
// with a width between them if digits follow the sign; %% is the sign itself. An asterisk at
// the beginning is left out, as Falco does: there it meant that values may be missing, which
// every output allows today.
func ParseTemplate(text string, at Locator) (*Template, *Error) {
	p := newParser(text, at, "output")
	if strings.TrimSpace(text) == "" {
		return nil, p.fail(0, 1, "the output is empty", "")
	}
	t := &Template{Text: text}
	p.accept('*')
	var literal strings.Builder
	for !p.end() {
		literal.WriteString(p.span(func(c byte) bool { return c != '%' }))
		sign := p.pos
		if !p.accept('%') {
			break
		}
		if p.accept('%') {
			literal.WriteByte('%')
			continue
		}
		if literal.Len() > 0 {
			t.Parts = append(t.Parts, Part{Literal: literal.String()})
			literal.Reset()
		}
		part, err := p.value(sign)
		if err != nil {
			return nil, err
		}
		t.Parts = append(t.Parts, part)
	}
	if literal.Len() > 0 {
		t.Parts = append(t.Parts, Part{Literal: literal.String()})
	}
	return t, nil
}

// value reads what follows the percent sign.
func (p *parser) value(sign int) (Part, *Error) {
	var part Part
	if digits := p.span(isDigit); digits != "" {
		width, err := strconv.Atoi(digits)
		if err != nil || width > maxWidth {
			return part, p.fail(sign, len(digits)+1, "the width of a value is at most "+strconv.Itoa(maxWidth), "")
		}
		part.Width = width
	}
	start := p.pos
	name := p.fieldName()
	var err *Error
	switch {
	case p.peek() == '(' && isTransformer(name) && name != "val":
		part.Operand, err = p.call(name, start, false)
	case !strings.Contains(name, "."):
		err = p.fail(sign, max(p.pos-sign, 1), "expected a field after '%', found "+p.found(start), "write %% for a percent sign")
	default:
		part.Operand, err = p.field(name, start)
	}
	return part, err
}

// fieldName reads the name of a field as Falco's grammar has it. It ends before a dot that no
// letter follows, which is the full stop of a sentence.
func (p *parser) fieldName() string {
	start := p.pos
	if !isLetter(p.peek()) {
		return ""
	}
	for {
		p.span(func(c byte) bool { return isName(c) && c != '.' && c != '-' })
		if p.peek() != '.' || p.pos+1 >= len(p.text) || !isLetter(p.text[p.pos+1]) {
			return p.text[start:p.pos]
		}
		p.pos++
		if strings.HasSuffix(p.text[start:p.pos], labelTag) {
			p.label()
			return p.text[start:p.pos]
		}
	}
}

// label reads the key of a label, which ends with a letter or digit: the signs behind it
// belong to the sentence.
func (p *parser) label() {
	start := p.pos
	key := p.span(isLabel)
	p.pos = start + len(strings.TrimRight(key, "._-/"))
}
