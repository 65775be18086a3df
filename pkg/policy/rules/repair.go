package rules

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// SysFlow policies have a grammar of their own, which is nearly YAML: sf-processor reads them
// with ANTLR and does not care how items are indented, nor about colons in names. Published
// policies make use of that. A file that is no YAML is therefore mended line by line:
// tabs that indent become blanks, items and their keys get the indentation that YAML wants, lines
// that go on with a text are indented further, and texts that YAML would take for something
// else get quotes. Lines keep their numbers.
//
// This is for files in that grammar alone: the whole file must be in it, see inSFGrammar. In any
// other file bad YAML is a mistake.

// edit is what mending did to a line.
type edit struct {
	// cut is how many blanks fewer the line begins with, negative if more.
	cut int
	// inserted are the columns of the bytes that were put in, counted in the mended line.
	inserted []int
	// tabs says that the line began with tabs, which are blanks now.
	tabs bool
}

// original returns where a column of the mended line was before.
func (e edit) original(column int) int {
	before, _ := slices.BinarySearch(e.inserted, column)
	return max(0, column+e.cut-before)
}

var (
	itemLine = regexp.MustCompile(`^( *)-([ \t]+)(?:rule|macro|list|filter|drop|sequence|required_engine_version|required_plugin_versions):(?:[ \t]|\r?$)`)
	keyLine  = regexp.MustCompile(`^ *[A-Za-z_-]+:(?:[ \t]|\r?$)`)
	// ownKey are the keys of SysFlow's grammar, which never begin a line of a text in it.
	ownKey   = regexp.MustCompile(`^ *(?:desc|condition|output|priority|tags|enabled|prefilter|actions?|items):(?:[ \t]|\r?$)`)
	textLine = regexp.MustCompile(`^(?:- |  )(?:rule|macro|list|filter|drop|sequence|desc|condition|output):[ \t]+`)
	block    = regexp.MustCompile(`^[|>][+0-9-]*\s*(?:#.*)?$`)
)

// repair mends a text; it returns false if there is nothing that it could mend.
func repair(text []byte) ([]byte, map[int]edit, bool) {
	m := mender{lines: strings.Split(string(text), "\n"), edits: map[int]edit{}}
	m.untab()
	m.indent()
	m.quote()
	if len(m.edits) == 0 {
		return nil, nil, false
	}
	return []byte(strings.Join(m.lines, "\n")), m.edits, true
}

// sfKeys are the keys that sf-processor's grammar has, those that it ignores included.
var sfKeys = map[string]bool{
	"rule": true, "desc": true, "condition": true, "output": true, "action": true, "actions": true, "priority": true, "tags": true,
	"prefilter": true, "enabled": true, "warn_evttypes": true, "skip-if-unknown-filter": true,
	"macro": true, "append": true, "list": true, "items": true, "filter": true, "drop": true, "required_engine_version": true,
}

// inSFGrammar reports whether documents are in sf-processor's grammar: they are in the style of
// SysFlow policies, and have no other keys than it knows, so neither exceptions nor overrides.
func inSFGrammar(docs []*yaml.Node) bool {
	for _, doc := range docs {
		if doc.Kind != yaml.SequenceNode {
			return false
		}
		for _, item := range doc.Content {
			if item = deref(item); item.Kind != yaml.MappingNode {
				return false
			}
			for key := range pairs(item) {
				if !sfKeys[deref(key).Value] {
					return false
				}
			}
		}
	}
	return slices.ContainsFunc(docs, isSysFlowStyle)
}

type mender struct {
	lines []string
	edits map[int]edit
	// tabs says that tabs begin some lines: how far these are indented says nothing.
	tabs bool
}

// untab replaces tabs that begin a line by blanks.
func (m *mender) untab() {
	for i, line := range m.lines {
		blank := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if strings.Contains(blank, "\t") {
			m.lines[i] = strings.Repeat(" ", len(blank)) + line[len(blank):]
			m.edits[i] = edit{tabs: true}
			m.tabs = true
		}
	}
}

// indent puts items at the start of the line, their keys two columns further, and what belongs
// to a key, but stands left of that, behind it.
func (m *mender) indent() {
	const none = -1
	inItem, item, keys := false, 0, none
	inBlock := false // a text after | or >, which may hold whatever is indented
	for i, line := range m.lines {
		if p := itemLine.FindStringSubmatch(line); p != nil {
			inItem, item, keys, inBlock = true, len(p[1]), none, false
			m.shift(i, "- ", len(p[1])+1+len(p[2]))
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		rest := strings.TrimRight(line[indent:], "\r")
		if !inItem || rest == "" || rest[0] == '#' {
			continue
		}
		isKey := ownKey.MatchString(line) && (m.tabs || indent <= max(item, keys) || keys != none && !inBlock)
		if keys == none && (isKey || indent > item && keyLine.MatchString(line)) {
			keys = indent
		}
		if isKey || indent <= keys {
			_, text, _ := strings.Cut(rest, ":")
			inBlock = block.MatchString(strings.TrimLeft(text, " \t"))
		}
		switch {
		case isKey:
			m.shift(i, "  ", indent)
		case keys != none && (indent > keys || indent == keys && !goesOn(rest)):
			m.shift(i, strings.Repeat(" ", 2+indent-keys), indent)
		case (keys == none || indent <= keys) && goesOn(rest):
			m.shift(i, "    ", indent)
		}
	}
}

// goesOn reports whether a line, no item and no key of SysFlow's grammar, can be nothing but a
// further line of a text. Other keys are not taken for one, since they may be misspelt.
func goesOn(line string) bool {
	return line[0] != '-' && line != "..." && !keyLine.MatchString(line)
}

// shift replaces the first bytes of a line.
func (m *mender) shift(i int, prefix string, instead int) {
	if cut := instead - len(prefix); cut != 0 {
		m.lines[i] = prefix + m.lines[i][instead:]
		m.edits[i] = edit{cut: cut, tabs: m.edits[i].tabs}
	}
}

// quote puts texts in single quotes that are not what YAML takes them for.
func (m *mender) quote() {
	for i := 0; i < len(m.lines); {
		end := i + 1
		if start := len(textLine.FindString(m.lines[i])); start > 0 {
			end = m.textEnd(i)
			if needsQuotes(m.lines[i][start:], m.lines[i+1:end]) {
				m.quoteLines(i, start, end)
			}
		}
		i = end
	}
}

// textEnd returns the index of the line behind a text that begins in line i.
func (m *mender) textEnd(i int) int {
	end := i + 1
	for j := i + 1; j < len(m.lines); j++ {
		line := strings.TrimRight(m.lines[j], " \r")
		if line == "" {
			continue
		}
		if !strings.HasPrefix(line, "   ") {
			break
		}
		end = j + 1
	}
	return end
}

func needsQuotes(first string, more []string) bool {
	first = strings.TrimRight(first, " \r")
	if first == "" || block.MatchString(first) {
		return false
	}
	if c := first[0]; c == '"' || c == '\'' {
		closing := strings.LastIndexByte(first, c)
		return closing != 0 && closing != len(first)-1 && !strings.HasPrefix(strings.TrimLeft(first[closing+1:], " "), "#")
	}
	switch c := first[0]; {
	case c == '[' || c == '{':
		// What is not closed is no text that begins with brackets, but a mistake.
		return closes(strings.Join(append([]string{first}, more...), "\n"))
	case strings.IndexByte("]},&*!@%`|>", c) >= 0:
		return true
	}
	return hasColon(first) || slices.ContainsFunc(more, hasColon)
}

// closes reports whether the bracket that begins a text is closed in it.
func closes(text string) bool {
	depth := 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

func hasColon(line string) bool {
	line = strings.TrimRight(line, " \r")
	return strings.Contains(line, ": ") || strings.HasSuffix(line, ":")
}

func (m *mender) quoteLines(first, start, end int) {
	for i := first; i < end; i++ {
		e := m.edits[i]
		line := strings.TrimRight(m.lines[i], " \r")
		var out bytes.Buffer
		from := 0
		if i == first {
			out.WriteString(line[:start])
			from = start
			e.inserted = append(e.inserted, out.Len())
			out.WriteByte('\'')
		}
		for _, c := range []byte(line[from:]) {
			if c == '\'' {
				e.inserted = append(e.inserted, out.Len())
				out.WriteByte('\'')
			}
			out.WriteByte(c)
		}
		if i == end-1 {
			out.WriteByte('\'')
		}
		m.lines[i], m.edits[i] = out.String(), e
	}
}
