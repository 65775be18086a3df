package diag

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine is how many bytes of a line are shown on each side of the caret.
const maxLine = 120

// Write prints each finding in one line, beneath it the line of the file that it is about, and
// a caret beneath its place. The source returns the text of a file, false if it is not known;
// it is asked once for each file.
func Write(w io.Writer, l List, source func(file string) ([]byte, bool)) error {
	files := map[string][][]byte{}
	var b strings.Builder
	for _, d := range l {
		b.Reset()
		b.WriteString(d.Error())
		b.WriteByte('\n')
		lines, ok := files[d.Pos.File]
		if !ok && source != nil {
			if text, found := source(d.Pos.File); found {
				lines = bytes.Split(text, []byte("\n"))
			}
			files[d.Pos.File] = lines
		}
		if n := d.Pos.Line; n > 0 && n <= len(lines) {
			snippet(&b, string(lines[n-1]), d.Pos.Column, d.Length)
		}
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

// snippet writes a line, and a caret under the column if that is known.
func snippet(b *strings.Builder, line string, column, length int) {
	line = strings.TrimSuffix(line, "\r")
	at := min(max(column-1, 0), len(line))
	length = max(min(length, len(line)-at), 1)
	before, after := line[:at], line[at:]
	prefix, suffix := "", ""
	if len(before) > maxLine {
		before, prefix = before[whole(before, len(before)-maxLine):], "..."
	}
	if len(after) > maxLine {
		after, suffix = after[:whole(after, maxLine)], "..."
	}
	b.WriteString(prefix)
	b.WriteString(printable(before))
	b.WriteString(printable(after))
	b.WriteString(suffix)
	b.WriteByte('\n')
	if column <= 0 {
		return
	}
	b.WriteString(strings.Repeat(" ", len(prefix)))
	b.WriteString(blank(before))
	b.WriteByte('^')
	marked := utf8.RuneCountInString(after[:min(length, len(after))])
	b.WriteString(strings.Repeat("~", max(marked-1, 0)))
	b.WriteByte('\n')
}

// whole returns the offset of the character that begins at i or next after it.
func whole(s string, i int) int {
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

// blank replaces all but tabs by blanks, so that what follows stands where it does in s.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

// printable replaces what could move the cursor or change the terminal: a rule file may come
// from anywhere.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}
