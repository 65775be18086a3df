package syntax

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"

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
