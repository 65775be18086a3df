package rules

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// source is a file while it is loaded.
type source struct {
	name, ruleset string
	// index is the place of the file in the order of loading.
	index int
	// sysflow says that the file is written in the style of SysFlow policies: its names hold
	// for itself first, whatever the order.
	sysflow bool
	// text is what the YAML parser was given.
	text []byte
	// lines are the offsets in text where lines begin.
	lines []int
	// yamlLines are the offsets where they begin for the YAML parser, which takes more
	// characters for the end of a line.
	yamlLines []int
	// edits are the lines that differ from the file, by index; nil if none was repaired.
	edits map[int]edit
	// last is the place asked for last: nodes are mostly asked for in their order, and a line
	// may be as long as the file.
	last cursor
}

func (s *source) setText(text []byte, edits map[int]edit) {
	s.text, s.edits, s.last = text, edits, cursor{}
	s.lines, s.yamlLines = []int{0}, []int{0}
	for i, c := range string(text) {
		switch {
		case c == '\n':
			s.lines = append(s.lines, i+1)
			s.yamlLines = append(s.yamlLines, i+1)
		case c == '\r' && !bytes.HasPrefix(text[i+1:], []byte("\n")), c == '\u0085', c == '\u2028', c == '\u2029':
			s.yamlLines = append(s.yamlLines, i+utf8.RuneLen(c))
		}
	}
}

// line returns which line of the text the YAML parser's line is; 0 stays 0.
func (s *source) line(yamlLine int) int {
	if yamlLine < 1 {
		return 0
	}
	return s.at(s.yamlLines[min(yamlLine, len(s.yamlLines))-1]).Line
}

// at returns where a byte of the text stands in the file.
func (s *source) at(offset int) diag.Position {
	line := sort.SearchInts(s.lines, offset+1) - 1
	return s.position(line, offset-s.lines[line])
}

// position is that of a byte of a line; both count from 0.
func (s *source) position(line, column int) diag.Position {
	if e, ok := s.edits[line]; ok {
		column = e.original(column)
	}
	return diag.Position{File: s.name, Line: line + 1, Column: column + 1}
}

// offset is where a node begins in the text. The YAML parser counts columns in characters.
func (s *source) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(s.yamlLines) {
		return len(s.text)
	}
	c := cursor{line: n.Line, column: 1, offset: s.yamlLines[n.Line-1]}
	if s.last.line == n.Line && s.last.column <= n.Column {
		c = s.last
	}
	for c.column < n.Column && c.offset < len(s.text) && s.text[c.offset] != '\n' {
		_, size := utf8.DecodeRune(s.text[c.offset:])
		c.offset += size
		c.column++
	}
	s.last = c
	return c.offset
}

// cursor is the place of a character.
type cursor struct{ line, column, offset int }

func (s *source) node(n *yaml.Node) diag.Position { return s.at(s.offset(n)) }

// length is how many bytes of its first line a text takes, 1 for what is no text.
func (s *source) length(n *yaml.Node) int {
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return 1
	}
	length := len(n.Value)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		length += 2
	}
	end := len(s.text)
	if n.Line < len(s.yamlLines) {
		end = s.yamlLines[n.Line] - 1
	}
	return max(1, min(length, end-s.offset(n)))
}

// span says that a stretch of a scalar's value stands at a place of the text as it is.
type span struct{ value, text int }

// locator tells where the bytes of a scalar's value stand in its file, although YAML folds
// lines, cuts indentation and has escapes.
func (s *source) locator(n *yaml.Node) syntax.Locator {
	start := s.offset(n)
	spans, ok := align(n.Value, s.text, start, n.Style)
	if !ok {
		at := s.at(start)
		return func(int) diag.Position { return at }
	}
	end := len(strings.TrimRight(n.Value, " \t\r\n"))
	return func(offset int) diag.Position {
		// What is missing at the end is missing behind the last character, not a line below.
		offset = max(0, min(offset, end))
		i := sort.Search(len(spans), func(i int) bool { return spans[i].value > offset }) - 1
		if offset == end && i > 0 && spans[i].value == end {
			i--
		}
		return s.at(spans[i].text + offset - spans[i].value)
	}
}

// align pairs the value of a scalar with the text that it came from.
func align(value string, text []byte, start int, style yaml.Style) ([]span, bool) {
	a := aligner{value: value, text: text, t: skipProperties(text, start)}
	switch {
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		n := bytes.IndexByte(text[a.t:], '\n')
		if n < 0 {
			return nil, false
		}
		a.block, a.t = true, a.t+n+1
	case style&yaml.DoubleQuotedStyle != 0:
		a.escape, a.t = '\\', a.t+1
	case style&yaml.SingleQuotedStyle != 0:
		a.escape, a.t = '\'', a.t+1
	}
	ok := a.run()
	return a.spans, ok
}

// skipProperties skips an anchor and a tag.
func skipProperties(text []byte, at int) int {
	for at < len(text) && (text[at] == '&' || text[at] == '!') {
		for at < len(text) && !isBlank(text[at]) {
			at++
		}
		for at < len(text) && isBlank(text[at]) {
			at++
		}
	}
	return at
}

type aligner struct {
	value string
	text  []byte
	// v and t are how far both have been read.
	v, t int
	// escape is the character that stands for others, 0 if none does.
	escape byte
	// block says that this is a literal or folded block.
	block bool
	spans []span
}

func (a *aligner) run() bool {
	if a.block {
		a.indent()
	}
	a.mark()
	for a.v < len(a.value) {
		if a.t >= len(a.text) {
			// A line end may be the parser's own, like the one that ends a block.
			return strings.TrimRight(a.value[a.v:], "\n") == ""
		}
		switch c := a.text[a.t]; {
		case a.escape != 0 && c == a.escape:
			a.escaped()
		case isBlank(c) && isBlank(a.value[a.v]):
			if a.block {
				a.indent()
			} else {
				a.fold()
			}
			a.mark()
		case c != a.value[a.v]:
			return false
		default:
			a.v++
			a.t++
		}
	}
	return true
}

func (a *aligner) mark() { a.spans = append(a.spans, span{a.v, a.t}) }

// indent skips the blanks of both sides: blocks lose some of those that begin a line, and
// folded ones some line ends.
func (a *aligner) indent() {
	for a.v < len(a.value) && isBlank(a.value[a.v]) {
		a.v++
	}
	for a.t < len(a.text) && isBlank(a.text[a.t]) {
		a.t++
	}
}

// fold skips blanks of the text and what YAML makes of them outside of blocks: one blank of
// one line end, one line end less of more than one.
func (a *aligner) fold() {
	start, ends := a.t, 0
	for a.t < len(a.text) && isBlank(a.text[a.t]) {
		if a.text[a.t] == '\n' {
			ends++
		}
		a.t++
	}
	switch ends {
	case 0:
		a.v += a.t - start
	case 1:
		a.v++
	default:
		a.v += ends - 1
	}
	a.v = min(a.v, len(a.value))
}

// escaped skips an escape sequence and what it stands for.
func (a *aligner) escaped() {
	next := byte(0)
	if a.t+1 < len(a.text) {
		next = a.text[a.t+1]
	}
	a.t += 2
	if a.escape == '\\' && (next == '\n' || next == '\r') {
		// The line goes on without a blank.
		for a.t < len(a.text) && isBlank(a.text[a.t]) {
			a.t++
		}
	} else {
		_, size := utf8.DecodeRuneInString(a.value[a.v:])
		a.v += size
		if a.escape == '\\' {
			a.t += map[byte]int{'x': 2, 'u': 4, 'U': 8}[next]
		}
	}
	a.t = min(a.t, len(a.text))
	a.mark()
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
