// Package diag tells what is wrong with a rule file and where: file, line and column,
// one clear sentence, how to mend it, and the line itself with a caret beneath.
package diag

import (
	"fmt"
	"strconv"
)

// Position is a place in a text file. Lines and columns count from 1; a column is a byte
// of the line. A zero line or column is not known.
type Position struct {
	File         string
	Line, Column int
}

// String returns "file:line:column" without what is not known.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		s += ":" + strconv.Itoa(p.Line)
		if p.Column > 0 {
			s += ":" + strconv.Itoa(p.Column)
		}
	}
	return s
}

// Severity says what a diagnostic means for the file.
type Severity int

const (
	// Error means that nothing of the set of files is loaded.
	Error Severity = iota
	// Warning means that the file is loaded, but perhaps not as its author thinks.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Diagnostic is one finding.
type Diagnostic struct {
	Severity Severity
	Code     Code
	Pos      Position
	// Length is how many bytes of the line are meant, 0 counts as 1.
	Length int
	// Item is what it was found in, like `rule "Shell in container"`, empty for the file.
	Item string
	// Message says in one sentence what is wrong, Hint how to mend it (may be empty).
	Message, Hint string
}

// Error returns the diagnostic as one line: position, severity, message, hint, code.
func (d *Diagnostic) Error() string {
	s := d.Severity.String() + ": " + d.Message
	if p := d.Pos.String(); p != "" {
		s = p + ": " + s
	}
	if d.Hint != "" {
		s += "; " + d.Hint
	}
	if d.Code != "" {
		s += fmt.Sprintf(" [%s]", d.Code)
	}
	return s
}
