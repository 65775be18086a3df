package syntax

import (
	"sort"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// maxDepth is how deep conditions may nest: the limit that Falco's engine gives its parser
// (falco, userspace/engine/rule_loader_compiler.cpp).
const maxDepth = 1000

// Locator tells where a byte offset of a text stands in its file.
type Locator func(offset int) diag.Position

// Error is what is wrong with a condition or a template.
type Error struct {
	At diag.Position
	// Length is how many bytes are meant, at least 1.
	Length        int
	Message, Hint string
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

// inText is the locator of a text that is a file of its own, or has none.
func inText(file, text string) Locator {
	var starts []int // of the lines after the first
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return func(offset int) diag.Position {
		line := sort.SearchInts(starts, offset+1)
		start := 0
		if line > 0 {
			start = starts[line-1]
		}
		return diag.Position{File: file, Line: line + 1, Column: offset - start + 1}
	}
}

// ParseCondition reads a condition. It stops at the first error. Without a locator the
// positions are those in the text.
func ParseCondition(text string, at Locator) (Node, *Error) {
	p := newParser(text, at, "condition")
	p.blanks()
	if p.end() {
		return nil, p.fail(0, 1, "the condition is empty", "")
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.end() {
		return nil, p.unexpected(n, noGroup)
	}
	return n, nil
}

// parser reads a text from left to right. Its methods leave pos behind what they have read.
type parser struct {
	text string
	// what the text is, for messages.
	what  string
	pos   int
	at    Locator
	depth int
}

func newParser(text string, at Locator, what string) *parser {
	if at == nil {
		at = inText("", text)
	}
	return &parser{text: text, at: at, what: what}
}

// fail returns an error about the bytes from start on. Its length ends with the line.
func (p *parser) fail(start, length int, message, hint string) *Error {
	if end := min(start+length, len(p.text)); start < end {
		if i := strings.IndexByte(p.text[start:end], '\n'); i >= 0 {
			length = i
		}
	}
	return &Error{At: p.at(start), Length: max(length, 1), Message: message, Hint: hint}
}

// enter counts a level of nesting that begins at start; leave ends it.
func (p *parser) enter(start int) *Error {
	p.depth++
	if p.depth > maxDepth {
		return p.fail(start, 1, "the "+p.what+" is nested deeper than 1000 levels", "split it into macros")
	}
	return nil
}

func (p *parser) leave() { p.depth-- }
