package rules

import (
	"sort"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// passage is a text put together from several places.
type passage struct {
	text  []byte
	parts []part
}

// part is a piece of a passage, from its start on.
type part struct {
	start  int
	locate syntax.Locator
}

// add appends a text.
func (p *passage) add(text string, locate syntax.Locator) {
	p.parts = append(p.parts, part{len(p.text), locate})
	p.text = append(p.text, text...)
}

// append appends another passage behind a blank.
func (p *passage) append(q *passage) {
	if len(p.parts) > 0 {
		p.text = append(p.text, ' ')
	}
	p.join(q)
}

// join appends another passage.
func (p *passage) join(q *passage) {
	start := len(p.text)
	for _, x := range q.parts {
		p.parts = append(p.parts, part{start + x.start, x.locate})
	}
	p.text = append(p.text, q.text...)
}

func (p *passage) String() string { return string(p.text) }

// at implements syntax.Locator.
func (p *passage) at(offset int) diag.Position {
	i := sort.Search(len(p.parts), func(i int) bool { return p.parts[i].start > offset }) - 1
	if i < 0 {
		return diag.Position{}
	}
	return p.parts[i].locate(offset - p.parts[i].start)
}

// trimmed returns the text without blanks around it, and where that was written.
func (p *passage) trimmed() (string, syntax.Locator) {
	text := p.String()
	body := strings.TrimLeft(text, " \t\r\n")
	cut := len(text) - len(body)
	return strings.TrimRight(body, " \t\r\n"), func(offset int) diag.Position { return p.at(offset + cut) }
}

// fixed is the locator of a text that stands at one place as a whole.
func fixed(at diag.Position) syntax.Locator {
	return func(int) diag.Position { return at }
}
