package syntax

import (
	"fmt"
	"strings"
)

// escapes are the letters after a backslash and what they stand for
// (libs, userspace/libsinsp/filter/escaping.cpp). A backslash before a blank stands for the
// backslash alone: an old mistake in Falco's rules that its parser puts up with.
var escapes = map[byte]byte{
	'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
	' ': '\\', '\\': '\\', '/': '/', '"': '"', '\'': '\'',
}

// quoted reads a text in quotes. A quote must be next.
func (p *parser) quoted() (string, *Error) {
	start, quote := p.pos, p.text[p.pos]
	var b strings.Builder
	for i := start + 1; i < len(p.text); i++ {
		switch c := p.text[i]; c {
		case quote:
			p.pos = i + 1
			return b.String(), nil
		case '\\':
			i++
			if i == len(p.text) {
				continue
			}
			value, ok := escapes[p.text[i]]
			if !ok {
				return "", p.fail(i-1, 2, fmt.Sprintf("unknown escape %q in a quoted text", p.text[i-1:i+1]), `write \\ for a backslash`)
			}
			b.WriteByte(value)
		default:
			b.WriteByte(c)
		}
	}
	return "", p.fail(start, 1, fmt.Sprintf("the text that begins with %c is not closed", quote), fmt.Sprintf("end it with %c", quote))
}

// quote writes a text so that it reads back the same.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; c {
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\\', '"':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
