package syntax

import "strings"

// end reports whether the whole text has been read.
func (p *parser) end() bool { return p.pos >= len(p.text) }

// peek returns the next byte, 0 at the end of the text.
func (p *parser) peek() byte {
	if p.end() {
		return 0
	}
	return p.text[p.pos]
}

// accept reads the byte c if it is the next one.
func (p *parser) accept(c byte) bool {
	if p.end() || p.text[p.pos] != c {
		return false
	}
	p.pos++
	return true
}

// isBlank reports whether c separates words. Falco takes a backspace for a blank, too.
func isBlank(c byte) bool {
	return c == ' ' || c >= '\b' && c <= '\r'
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isName reports whether c may stand in the name of a field, macro or list. Falco's names
// have no dashes; published SysFlow policies use them ("sf-process.args").
func isName(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.'
}

// isBare reports whether c may stand in a text without quotes.
func isBare(c byte) bool {
	return !isBlank(c) && strings.IndexByte(`()"'=,`, c) < 0
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// blanks skips blanks.
func (p *parser) blanks() {
	for !p.end() && isBlank(p.text[p.pos]) {
		p.pos++
	}
}

// span reads as many bytes as satisfy is.
func (p *parser) span(is func(byte) bool) string {
	start := p.pos
	for !p.end() && is(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

// labelTag precedes the key of a label in the name of a field: k8s.pod.label.KEY.
const labelTag = ".label."

// name reads the name of a field, transformer or macro. The key of a label may have slashes,
// as in k8s.pod.label.app.kubernetes.io/name.
func (p *parser) name() string {
	start := p.pos
	p.span(isName)
	if strings.Contains(p.text[start:p.pos], labelTag) {
		p.span(isLabel)
	}
	return p.text[start:p.pos]
}

func isLabel(c byte) bool { return isName(c) || c == '/' }

// keyword reads the word after blanks if it is the next whole one.
func (p *parser) keyword(word string) bool {
	p.blanks()
	if !strings.HasPrefix(p.text[p.pos:], word) {
		return false
	}
	if end := p.pos + len(word); end < len(p.text) && isName(p.text[end]) {
		return false
	}
	p.pos += len(word)
	return true
}

// bareInBrackets reads a text without quotes in a list in square brackets. A bracket belongs
// to the text if it is closed there: [runc:[0:PARENT], b] has two items.
func (p *parser) bareInBrackets() string {
	open := 0
	return p.span(func(c byte) bool {
		switch c {
		case '[':
			open++
		case ']':
			open--
		}
		return open >= 0 && isBare(c)
	})
}

// token returns the word, quoted text or sign at an offset, for messages.
func (p *parser) token(start int) string {
	if start >= len(p.text) {
		return ""
	}
	q := parser{text: p.text, pos: start}
	switch c := p.text[start]; {
	case isQuote(c):
		if i := strings.IndexByte(p.text[start+1:], c); i >= 0 {
			return p.text[start : start+i+2]
		}
		return p.text[start : start+1]
	case isLetter(c) || isDigit(c):
		return q.span(isName)
	case strings.IndexByte("&|!<>=~", c) >= 0:
		return q.span(func(c byte) bool { return strings.IndexByte("&|!<>=~", c) >= 0 })
	case isBare(c):
		return q.span(isBare)
	default:
		return p.text[start : start+1]
	}
}
