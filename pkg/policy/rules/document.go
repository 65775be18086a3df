package rules

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// parse reads the YAML documents of a file, mended if need be, which the diagnostic says.
func (s *source) parse(text []byte) ([]*yaml.Node, *diag.Diagnostic) {
	if len(text) > MaxFileSize {
		return nil, s.problem(diag.ErrFileRead, diag.Position{File: s.name}, "split it", "the file is too large: "+errTooLarge.Error())
	}
	text = bytes.TrimPrefix(text, byteOrderMark)
	s.setText(text, nil)
	if at, r := badCharacter(text); at >= 0 {
		if r == utf8.RuneError {
			return nil, s.problem(diag.ErrYAMLParse, s.at(at), "save it as UTF-8", "the file is no UTF-8 text")
		}
		return nil, s.problem(diag.ErrYAMLParse, s.at(at), fmt.Sprintf(`leave it out, or write "\u%04x" in double quotes`, r),
			fmt.Sprintf("the file is no YAML: the character %U is not allowed", r))
	}
	docs, err := decode(text)
	if err == nil {
		return docs, nil
	}
	at, message := s.place(err)
	if mended, edits, ok := repair(text); ok {
		if docs, again := decode(mended); again == nil && inSFGrammar(docs) {
			s.setText(mended, edits)
			d := s.problem(diag.WarnNotYAML, at, "the YAML parser says: "+message,
				"the file is not YAML and was read as sf-processor reads it")
			d.Severity = diag.Warning
			return docs, d
		}
	}
	hint := ""
	if strings.Contains(message, "mapping values are not allowed") {
		hint = "put a text with a colon in quotes, and indent all keys of an item alike"
	}
	return nil, s.problem(diag.ErrYAMLParse, at, hint, "the file is no YAML: "+message)
}

func (s *source) problem(code diag.Code, at diag.Position, hint, message string) *diag.Diagnostic {
	return &diag.Diagnostic{Severity: diag.Error, Code: code, Pos: at, Message: message, Hint: hint}
}

// badCharacter returns the offset of the first byte that is no UTF-8, with utf8.RuneError, or of the
// first character that YAML does not allow; -1 if there is none.
func badCharacter(text []byte) (int, rune) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 || !isYAML(r) {
			return i, r
		}
		i += size
	}
	return -1, 0
}

// isYAML reports whether a character may stand in YAML.
func isYAML(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0xa0:
		return r < 0x7f || r == '\u0085'
	}
	return r != 0xfffe && r != 0xffff
}

// decode returns the contents of all documents of a text.
func decode(text []byte) ([]*yaml.Node, error) {
	var docs []*yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		switch err := d.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		}
		if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
			docs = append(docs, deref(doc.Content[0]))
		}
	}
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

// SyntaxError returns where the text of a file has an error of the YAML parser, and what that is.
func SyntaxError(file string, text []byte, err error) (diag.Position, string) {
	s := &source{name: file}
	s.setText(text, nil)
	return s.place(err)
}

// place takes the line out of the message of a YAML error, and finds the column.
func (s *source) place(err error) (diag.Position, string) {
	line, message := splitError(err)
	n := s.errorLine(line, message)
	begin, end := s.lines[n-1], len(s.text)
	if n < len(s.lines) {
		end = s.lines[n]
	}
	at := begin + len(s.text[begin:end]) - len(bytes.TrimLeft(s.text[begin:end], " \t\r\n"))
	if at == end {
		at = begin
	}
	if i := s.errorOffset(begin, end, line, message); i >= 0 {
		at = i
		if name, ok := strings.CutPrefix(message, anchorError); ok {
			name, _, _ = strings.Cut(name, "'")
			at = max(begin, i-len(name)) // its first character, not the last
		}
	}
	return s.at(at), message
}

const (
	// grammarError begins the errors of YAML's grammar. The others are about a character.
	grammarError = "did not find expected"
	// anchorError begins that of an alias of nothing, the only one without a line.
	anchorError = "unknown anchor '"
	// mostForLine and mostForColumn are the largest texts of which beginnings are parsed to find
	// where an error is, mostOfLine is how much of a line may precede it.
	mostForLine   = 1 << 20
	mostForColumn = 1 << 18
	mostOfLine    = 1 << 12
)

// errorLine returns the line of an error. Of the errors of its grammar the parser names the line
// where the block begins that is wrong; the line that made it wrong is the last of the shortest
// beginning of the text with the same error.
func (s *source) errorLine(line int, message string) int {
	if !strings.HasPrefix(message, grammarError) && !strings.HasPrefix(message, anchorError) || len(s.text) > mostForLine {
		return max(1, s.line(line))
	}
	ends := s.lines[1:]
	return 1 + sort.Search(len(ends), func(i int) bool { return s.fails(ends[i], line, message) })
}

// errorOffset returns where the character is that an error is about: the last of the shortest
// beginning of the text with the same error. It is -1 if that is not to be found.
func (s *source) errorOffset(begin, end, line int, message string) int {
	if strings.HasPrefix(message, grammarError) || end > mostForColumn || end-begin > mostOfLine || !s.fails(end, line, message) {
		return -1
	}
	n := sort.Search(end-begin-1, func(i int) bool {
		for begin+i+1 < end && !utf8.RuneStart(s.text[begin+i+1]) {
			i++ // whole characters
		}
		return s.fails(begin+i+1, line, message)
	})
	at := begin + n
	for at > begin && !utf8.RuneStart(s.text[at]) {
		at--
	}
	return at
}

// fails reports whether the beginning of the text has an error.
func (s *source) fails(end, line int, message string) bool {
	_, err := decode(s.text[:end])
	if err == nil {
		return false
	}
	l, m := splitError(err)
	return l == line && m == message
}

func splitError(err error) (int, string) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		return 0, err.Error()
	}
	line, _ := strconv.Atoi(m[1])
	return max(1, line), m[2] // the parser leaves the first line out
}
