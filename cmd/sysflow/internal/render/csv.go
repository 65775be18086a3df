package render

import (
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
)

// CSV writes a line of field names and then a line per row, as RFC 4180 says but
// with plain line feeds. Missing values are empty.
type CSV struct {
	out      buffer
	selected []fields.Field
}

// NewCSV returns a renderer of the fields.
func NewCSV(w io.Writer, selected []fields.Field) *CSV {
	c := &CSV{out: buffer{w: w}, selected: selected}
	for i, f := range selected {
		if i > 0 {
			c.out.data = append(c.out.data, ',')
		}
		c.out.data = append(c.out.data, f.Name...)
	}
	c.out.data = append(c.out.data, '\n')
	return c
}

// Row implements Renderer.
func (c *CSV) Row(r *fields.Row) error {
	dst := c.out.data
	for i := range c.selected {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch v := c.selected[i].Value(r); v.Kind {
		case fields.String:
			dst = appendCSV(dst, v.Str)
		case fields.Text, fields.JSON:
			dst = appendCSV(dst, v.Raw)
		default:
			dst = v.Append(dst)
		}
	}
	c.out.data = append(dst, '\n')
	return c.out.spill()
}

// Flush implements Renderer.
func (c *CSV) Flush() error { return c.out.flush() }

// appendCSV quotes where needed, and blanks too, because some readers trim
// unquoted values and positional op flags start with blanks.
func appendCSV[T string | []byte](dst []byte, s T) []byte {
	if !needsQuotes(s) {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := range len(s) {
		if s[i] == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

func needsQuotes[T string | []byte](s T) bool {
	for i := range len(s) {
		switch s[i] {
		case '"', ',', ' ', '\r', '\n':
			return true
		}
	}
	return false
}
