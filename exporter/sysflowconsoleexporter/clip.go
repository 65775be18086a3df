package sysflowconsoleexporter

import (
	"bytes"
	"unicode/utf8"
)

// clip cuts a line, in place, to the columns of a narrow terminal, where the parts that the
// formatter never shortens do not fit. Colours have no width; those behind the cut stay,
// since they may be the end of one before it.
func clip(line []byte, width int) []byte {
	if utf8.RuneCount(line) <= width {
		return line
	}
	kept, column := line[:0], 0
	for i := 0; i < len(line); {
		size := 1
		switch line[i] {
		case '\x1b': // up to the m; the formatter lets no other escape through
			size = bytes.IndexByte(line[i:], 'm') + 1
		case '\n':
		default:
			_, size = utf8.DecodeRune(line[i:])
			column++
			if column > width {
				i += size
				continue
			}
		}
		kept = append(kept, line[i:i+size]...)
		i += size
	}
	return kept
}
