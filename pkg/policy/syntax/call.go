package syntax

import (
	"fmt"
	"slices"
)

// transformer says how many arguments a transformer takes; most is 0 where there is no limit.
type transformer struct {
	name        string
	least, most int
}

// transformers are Falco's (libs, userspace/libsinsp/filter/parser.cpp and
// sinsp_filtercheck_multivalue_transformer.cpp).
var transformers = []transformer{
	{"b64", 1, 1},
	{"basename", 1, 1},
	{"concat", 2, 0},
	{"getopt", 2, 2},
	{"join", 2, 2},
	{"len", 1, 1},
	{"tolower", 1, 1},
	{"toupper", 1, 1},
	{"val", 1, 1},
}

func findTransformer(name string) (transformer, bool) {
	i := slices.IndexFunc(transformers, func(t transformer) bool { return t.name == name })
	if i < 0 {
		return transformer{}, false
	}
	return transformers[i], true
}

func isTransformer(name string) bool {
	_, ok := findTransformer(name)
	return ok
}

func transformerNames() []string {
	var names []string
	for _, t := range transformers {
		names = append(names, t.name)
	}
	return names
}

// call reads the arguments of a transformer, whose name begins at start. The parenthesis must
// be next. On the right side of a check, val is allowed.
func (p *parser) call(name string, start int, right bool) (Operand, *Error) {
	open := p.pos
	if err := p.enter(open); err != nil {
		return nil, err
	}
	defer p.leave()
	p.pos++
	if name == "val" && !right {
		return nil, p.fail(start, len(name), "val cannot be an argument of a transformer", "write the field without it")
	}
	args, err := p.arguments(open, p.callArgument)
	if err != nil {
		return nil, err
	}
	c := &Call{At: p.at(start), Name: name, Args: args}
	if wrong := p.checkArguments(c, start); wrong != nil {
		return nil, wrong
	}
	return c, p.optionOf(c, start)
}

// optionOf reads the letter in brackets that picks an option from the result of getopt.
func (p *parser) optionOf(c *Call, start int) *Error {
	if c.Name != "getopt" || p.peek() != '[' {
		return nil
	}
	letter, err := p.argument(c.Name)
	if err != nil {
		return err
	}
	if len(letter) != 1 {
		return p.fail(start, len(c.Name), "the argument of getopt must be one letter", `write as in getopt(proc.args, "it:")[t]`)
	}
	c.Index, c.HasIndex = letter, true
	return nil
}

// checkArguments reports arguments that the transformer does not take.
func (p *parser) checkArguments(c *Call, start int) *Error {
	t, _ := findTransformer(c.Name)
	if n := len(c.Args); n < t.least || t.most > 0 && n > t.most {
		return p.fail(start, p.pos-start, fmt.Sprintf("%s takes %s, not %d", c.Name, t.arity(), n), "")
	}
	if c.Name == "val" {
		if _, ok := c.Args[0].(*Field); !ok {
			return p.fail(start, p.pos-start, "val takes a field", "write a text or transformer without val")
		}
	}
	return nil
}

func (t transformer) arity() string {
	switch t.most {
	case 0:
		return fmt.Sprintf("at least %d arguments", t.least)
	case 1:
		return "1 argument"
	default:
		return fmt.Sprintf("%d arguments", t.most)
	}
}

// arguments reads operands up to the closing parenthesis; the opening one has been read.
func (p *parser) arguments(open int, argument func() (Operand, *Error)) ([]Operand, *Error) {
	var args []Operand
	p.blanks()
	if p.accept(')') {
		return nil, nil
	}
	for {
		p.blanks()
		a, err := argument()
		if err != nil {
			return nil, err
		}
		args = append(args, a)
		p.blanks()
		switch {
		case p.accept(')'):
			return args, nil
		case !p.accept(','):
			return nil, p.noArgumentEnd(open)
		}
	}
}

// callArgument reads an argument of a transformer.
func (p *parser) callArgument() (Operand, *Error) {
	start := p.pos
	if !p.accept('(') {
		return p.plainArgument()
	}
	items, err := p.arguments(start, p.plainArgument)
	if err != nil {
		return nil, err
	}
	return &Tuple{At: p.at(start), Items: items}, nil
}

// plainArgument reads a number, a quoted text, a field or another transformer.
func (p *parser) plainArgument() (Operand, *Error) {
	start := p.pos
	switch c := p.peek(); {
	case isQuote(c):
		return p.literal()
	case isDigit(c) || c == '-' || c == '+':
		return &Literal{At: p.at(start), Text: p.span(isBare)}, nil
	}
	name := p.name()
	switch {
	case p.peek() == '(' && isTransformer(name):
		return p.call(name, start, false)
	case name == "":
		return nil, p.fail(start, 1, "expected a field, a transformer, a number or a quoted text, found "+p.found(start), "")
	}
	f, err := p.field(name, start)
	if err != nil {
		return nil, err
	}
	if !isFieldLike(f) {
		return nil, p.fail(start, len(name), fmt.Sprintf("%q is no field", name), "put a text in quotes")
	}
	return f, nil
}
