package rules

import (
	"bytes"
	"errors"
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
		return nil, s.problem(diag.ErrFileRead, 0, "split it", "the file is too large: "+errTooLarge.Error())
	}
	text = bytes.TrimPrefix(text, byteOrderMark)
	if line := invalidLine(text); line > 0 {
		return nil, s.problem(diag.ErrYAMLParse, line, "save it as UTF-8", "the file is no UTF-8 text")
	}
	s.setText(text, nil)
	docs, err := decode(text)
	if err == nil {
		return docs, nil
	}
	line, message := s.place(err)
	if mended, edits, ok := repair(text); ok {
		if docs, again := decode(mended); again == nil {
			s.setText(mended, edits)
			d := s.problem(diag.WarnNotYAML, line, "the YAML parser says: "+message,
				"the file is not YAML and was read as sf-processor reads it")
			d.Severity = diag.Warning
			return docs, d
		}
	}
	hint := ""
	if strings.Contains(message, "mapping values are not allowed") {
		hint = "put a text with a colon in quotes, and indent all keys of an item alike"
	}
	return nil, s.problem(diag.ErrYAMLParse, line, hint, "the file is no YAML: "+message)
}

func (s *source) problem(code diag.Code, line int, hint, message string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Severity: diag.Error, Code: code, Pos: diag.Position{File: s.name, Line: line}, Message: message, Hint: hint,
	}
}

// invalidLine returns the first line that is no UTF-8, 0 if all are.
func invalidLine(text []byte) int {
	if utf8.Valid(text) {
		return 0
	}
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return line
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

// place takes the line out of the message of a YAML error. Of the errors of its grammar the
// parser names the line where the block begins that is wrong; the line that made it wrong is
// the last of the shortest beginning of the text with the same error.
func (s *source) place(err error) (int, string) {
	line, message := splitError(err)
	if !strings.HasPrefix(message, "did not find expected") || len(s.text) > 1<<20 {
		return s.line(line), message
	}
	ends := s.lines[1:]
	n := sort.Search(len(ends), func(i int) bool {
		_, e := decode(s.text[:ends[i]])
		if e == nil {
			return false
		}
		l, m := splitError(e)
		return l == line && m == message
	})
	return n + 1, message
}

func splitError(err error) (int, string) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		return 0, err.Error()
	}
	line, _ := strconv.Atoi(m[1])
	return max(1, line), m[2] // the parser leaves the first line out
}
