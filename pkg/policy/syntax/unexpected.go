package syntax

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// foreign are words and signs of other languages and what to write instead.
var foreign = map[string]string{
	"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not",
	"<>": "!=", "~": "regex", "=~": "regex", "!~": "not ... regex", "=>": ">=", "=<": "<=",
	"matches": "regex", "match": "regex", "like": "glob", "is": "=", "eq": "=", "ne": "!=",
	"has": "contains", "includes": "contains", "equals": "=", "exist": "exists",
	"iequals": "tolower(...) =", "starts_with": "startswith", "ends_with": "endswith",
}

// found describes the token at an offset.
func (p *parser) found(start int) string {
	t := p.token(start)
	if t == "" {
		return "the end of the " + p.what
	}
	if len(t) > 40 {
		t = t[:40]
	}
	return fmt.Sprintf("%q", t)
}

// place says where an offset is, for messages about a second place.
func (p *parser) place(offset int) string {
	at := p.at(offset)
	if at.Line == 0 {
		return fmt.Sprintf("at byte %d", offset+1)
	}
	return fmt.Sprintf("in line %d, column %d", at.Line, at.Column)
}

// suggestion is the hint that names the nearest known word, else the other hint.
func suggestion(word string, known []string, otherwise string) string {
	if instead, ok := foreign[word]; ok {
		return "use " + instead
	}
	if lower := strings.ToLower(word); lower != word && slices.Contains(known, lower) {
		return fmt.Sprintf("write %s in lower case", lower)
	}
	if near := diag.Nearest(word, slices.Values(known)); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return otherwise
}

func listed(names []string) string { return strings.Join(names, ", ") }

// operatorNames returns all operators in a fixed order.
func operatorNames() []string {
	names := []string{"=", "!=", "<", "<=", ">", ">="}
	var rest []string
	for w := range words {
		rest = append(rest, w)
	}
	slices.Sort(rest)
	return append(names, rest...)
}

// unexpected says what is wrong after a complete condition, within the parenthesis that opens
// at open.
func (p *parser) unexpected(before Node, open int) *Error {
	start := p.pos
	token := p.token(start)
	switch {
	case p.end():
		return p.fail(start, 1, "expected ')' for the '(' "+p.place(open)+", found the end of the "+p.what, "")
	case token == ")":
		return p.fail(start, 1, "there is no '(' for this ')'", "")
	}
	expected := `expected "and" or "or"`
	if open != noGroup {
		expected = `expected "and", "or" or ')' for the '(' ` + p.place(open)
	}
	hint := suggestion(token, []string{"and", "or"}, "")
	read := strings.TrimRightFunc(p.text[:start], unicode.IsSpace)
	if strings.HasSuffix(read, "NOT") {
		hint = "write not in lower case"
	} else if c, l, ok := lastLiteral(before); ok && strings.HasSuffix(read, l.Text) {
		hint = afterValueHint(c, l, hint)
		if len(read) == start && hint == quoteBlanks {
			hint = quoteSigns
		}
	}
	return p.fail(start, len(token), expected+", found "+p.found(start), hint)
}

// lastLiteral returns the text without quotes, and its check, that a condition may end with.
func lastLiteral(n Node) (*Check, *Literal, bool) {
	for {
		switch t := n.(type) {
		case *And:
			n = t.Operands[len(t.Operands)-1]
		case *Or:
			n = t.Operands[len(t.Operands)-1]
		case *Not:
			n = t.Operand
		case *Check:
			if t.Form != Single || len(t.Right) != 1 {
				return nil, nil, false
			}
			l, ok := t.Right[0].(*Literal)
			return t, l, ok && !l.Quoted
		default:
			return nil, nil, false
		}
	}
}

// afterValueHint explains what follows a value that cannot be meant as one.
func afterValueHint(c *Check, l *Literal, otherwise string) string {
	sign := string(c.Op) + l.Text
	switch {
	case l.Text == "and" || l.Text == "or" || l.Text == "not":
		return fmt.Sprintf("the value after %s is missing", c.Op)
	case foreign[sign] != "" && !isLetter(sign[len(sign)-1]):
		return fmt.Sprintf("%s is no operator, use %s", sign, foreign[sign])
	case otherwise == "":
		return quoteBlanks
	}
	return otherwise
}

const (
	quoteBlanks = "put a text with blanks in quotes"
	quoteSigns  = "put a text with such signs in quotes"
)

// noTerm says that a condition was expected at start.
func (p *parser) noTerm(start int) *Error {
	token := p.token(start)
	message := "expected a check, a macro or '(', found " + p.found(start)
	switch {
	case words[token] != "":
		return p.fail(start, len(token), "there is no field before the operator "+token, "")
	case token != "" && isQuote(token[0]):
		return p.fail(start, len(token), message, "a check begins with a field")
	case token == ")" || token == "and" || token == "or":
		return p.fail(start, len(token), message, "there is no condition before "+token)
	case token != "" && isDigit(token[0]):
		return p.fail(start, len(token), message, "a check begins with a field, the number stands on the right")
	}
	hint := ""
	if instead, ok := foreign[token]; ok {
		hint = "use " + instead
	}
	return p.fail(start, len(token), message, hint)
}

// noOperator says that an operator was expected after a field.
func (p *parser) noOperator(left Operand, start int) *Error {
	token := p.token(start)
	name := FormatOperand(left)
	if token == "" || token == ")" || token == "and" || token == "or" {
		return p.fail(start, len(token), fmt.Sprintf("expected an operator after %s, found %s", name, p.found(start)),
			fmt.Sprintf("write %s exists, or compare it with a value", name))
	}
	if token == "!" {
		return p.fail(start, 1, "unknown operator \"!\" after "+name, "use !=")
	}
	return p.fail(start, len(token), fmt.Sprintf("unknown operator %s after %s", p.found(start), name),
		suggestion(token, operatorNames(), "the operators are "+listed(operatorNames())))
}

// noValue says that a value was expected after an operator.
func (p *parser) noValue(c *Check) *Error {
	start := p.pos
	token := p.token(start)
	hint := ""
	if token == "(" {
		hint = "compare with a list by in (a, b)"
		if c.Op != Eq && c.Op != Ne {
			hint = fmt.Sprintf("write %s anyof (a, b) for any of a list", c.Op)
		}
	} else if token != "" {
		hint = quoteSigns
	}
	return p.fail(start, len(token), fmt.Sprintf("expected a value after %s, found %s", c.Op, p.found(start)), hint)
}

// noList says that a list was expected after an operator.
func (p *parser) noList(c *Check) *Error {
	start := p.pos
	return p.fail(start, len(p.token(start)), fmt.Sprintf("expected a list in parentheses after %s, found %s", c.Op, p.found(start)),
		fmt.Sprintf("write %s (a, b), or %s and the name of a list", c.Op, c.Op))
}

// noItemEnd says that a list does not go on as it must.
func (p *parser) noItemEnd(open int, closing byte) *Error {
	start := p.pos
	token := p.token(start)
	hint := "put a text with blanks or signs in quotes"
	switch token {
	case "", "and", "or", ")":
		hint = fmt.Sprintf("close the list with %c", closing)
	}
	return p.fail(start, len(token), fmt.Sprintf("expected ',' or '%c' in the list that opens %s, found %s", closing, p.place(open), p.found(start)), hint)
}

// noArgumentEnd says that the arguments of a transformer do not go on as they must.
func (p *parser) noArgumentEnd(open int) *Error {
	start := p.pos
	return p.fail(start, len(p.token(start)),
		fmt.Sprintf("expected ',' or ')' in the arguments that open %s, found %s", p.place(open), p.found(start)),
		"close the arguments with )")
}
