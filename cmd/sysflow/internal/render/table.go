package render

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// chunkRows is how many rows are looked at before the widths are chosen.
const chunkRows = 500

// TableOptions say how a Table looks.
type TableOptions struct {
	// Width is the room for a line: characters, or one of UsualWidth, FullWidth.
	Width int
	// Color makes use of ANSI colours.
	Color bool
}

// UsualWidth gives each column at most its usual width, FullWidth never cuts a value.
const (
	UsualWidth = 0
	FullWidth  = -1
)

// Table writes aligned columns. Widths are chosen anew every chunkRows rows, so
// that memory does not grow with the input. Values that are too long keep their
// end, after "..", or their beginning, before it, as the field says.
type Table struct {
	out      buffer
	selected []fields.Field
	opts     TableOptions
	columns  []column
	cells    []cell
	arena    []byte
	scratch  []byte
	titled   bool
}

// column is what is known about a column from all rows so far.
type column struct {
	title string
	// usual is the usual width, widest that of the longest value.
	usual, widest int
	// numeric columns are aligned to the right and never cut.
	numeric, words bool
}

// cell is a value of the current chunk: a slice of the arena.
type cell struct {
	start, end int
	width      int
	style      text.Style
}

// NewTable returns a renderer of the fields.
func NewTable(w io.Writer, selected []fields.Field, opts TableOptions) *Table {
	t := &Table{out: buffer{w: w}, selected: selected, opts: opts, columns: make([]column, len(selected))}
	for i, f := range selected {
		t.columns[i] = column{title: f.Title, usual: max(f.Width, len(f.Title))}
	}
	return t
}

// Row implements Renderer.
func (t *Table) Row(r *fields.Row) error {
	for i := range t.selected {
		v := t.selected[i].Value(r)
		t.cells = append(t.cells, t.cell(v))
		c, last := &t.columns[i], &t.cells[len(t.cells)-1]
		c.widest = max(c.widest, last.width)
		switch {
		case v.Kind == fields.Int:
			c.numeric = true
		case !v.Missing():
			c.words = true
		}
		if t.opts.Color {
			last.style = styleOf(&t.selected[i], v, r)
		}
	}
	if len(t.cells) < chunkRows*len(t.columns) {
		return nil
	}
	return t.Flush()
}

func (t *Table) cell(v fields.Value) cell {
	start := len(t.arena)
	if v.Kind == fields.String {
		t.arena = text.AppendPrintable(t.arena, v.Str)
	} else {
		t.scratch = v.Append(t.scratch[:0])
		t.arena = text.AppendPrintable(t.arena, t.scratch)
	}
	return cell{start: start, end: len(t.arena), width: utf8.RuneCount(t.arena[start:])}
}

// Flush implements Renderer.
func (t *Table) Flush() error {
	if len(t.cells) == 0 {
		return nil
	}
	widths := layout(t.columns, t.opts.Width)
	if !t.titled {
		t.titled = true
		t.titles(widths)
	}
	n := len(t.columns)
	for i, c := range t.cells {
		value := t.arena[c.start:c.end]
		if c.width > widths[i%n] {
			value = t.cut(value, widths[i%n], t.selected[i%n].KeepStart)
			c.width = widths[i%n]
		}
		t.put(value, c.width, widths[i%n], i%n, c.style)
	}
	t.cells, t.arena = t.cells[:0], t.arena[:0]
	return t.out.flush()
}

// cut shortens a value to room characters. The result is valid until the next call.
func (t *Table) cut(value []byte, room int, keepStart bool) []byte {
	if keepStart {
		t.scratch = text.AppendHead(t.scratch[:0], value, room)
	} else {
		t.scratch = text.AppendTail(t.scratch[:0], value, room)
	}
	return t.scratch
}

// put writes a value of the given width into column i.
func (t *Table) put(value []byte, width, room, i int, s text.Style) {
	dst, last := t.out.data, i == len(t.columns)-1
	right := t.columns[i].rightAligned()
	if right {
		dst = appendBlanks(dst, room-width)
	}
	dst = s.Append(dst, value)
	switch {
	case last:
		dst = append(bytes.TrimRight(dst, " "), '\n')
	case right:
		dst = appendBlanks(dst, gap)
	default:
		dst = appendBlanks(dst, room-width+gap)
	}
	t.out.data = dst
}

func (t *Table) titles(widths []int) {
	for i, c := range t.columns {
		s := text.StylePlain
		if t.opts.Color {
			s = text.StyleTitle
		}
		title := []byte(c.title)
		if len(title) > widths[i] {
			title = title[:widths[i]]
		}
		t.put(title, len(title), widths[i], i, s)
	}
}

func (c *column) rightAligned() bool { return c.numeric && !c.words }

func appendBlanks(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, ' ')
	}
	return dst
}
