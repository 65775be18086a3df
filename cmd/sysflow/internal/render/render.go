package render

import (
	"io"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
)

// Renderer writes rows.
type Renderer interface {
	// Row renders a row; it may reach the output later.
	Row(r *fields.Row) error
	// Flush makes everything rendered so far reach the output.
	Flush() error
}

// flushSize is how much output is gathered before it is written.
const flushSize = 128 << 10

// buffer gathers output. Renderers append to data and then call spill.
type buffer struct {
	w    io.Writer
	data []byte
}

// spill writes the data when there is enough of it.
func (b *buffer) spill() error {
	if len(b.data) < flushSize {
		return nil
	}
	return b.flush()
}

func (b *buffer) flush() error {
	if len(b.data) == 0 {
		return nil
	}
	_, err := b.w.Write(b.data)
	b.data = b.data[:0]
	return err
}
