package text

import (
	"strconv"
	"unicode/utf8"
)

// AppendPrintable appends s so that it cannot steer a terminal: control
// characters, invisible and bidirectional marks and bytes that are no UTF-8 become
// escapes such as \n, \x1b or \u202e. Everything printable stays as it is, backslashes
// too, so the result is for reading and not for parsing.
func AppendPrintable[T string | []byte](dst []byte, s T) []byte {
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			i++
			continue
		}
		r, size := decodeRune(s[i:])
		if r != utf8.RuneError && strconv.IsPrint(r) || r == utf8.RuneError && size > 1 {
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, r, s[i])
		i += size
		start = i
	}
	return append(dst, s[start:]...)
}

// decodeRune spares string values the conversion to bytes.
func decodeRune[T string | []byte](s T) (rune, int) {
	var buf [utf8.UTFMax]byte
	return utf8.DecodeRune(buf[:copy(buf[:], s)])
}

func appendEscape(dst []byte, r rune, first byte) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		return append(dst, `\n`...)
	case r == '\t':
		return append(dst, `\t`...)
	case r == '\r':
		return append(dst, `\r`...)
	case r == utf8.RuneError || r < 0x80:
		return append(dst, '\\', 'x', hex[first>>4], hex[first&0xf])
	case r < 0x10000:
		dst = append(dst, '\\', 'u')
		for shift := 12; shift >= 0; shift -= 4 {
			dst = append(dst, hex[r>>shift&0xf])
		}
		return dst
	default:
		dst = append(dst, '\\', 'U')
		for shift := 28; shift >= 0; shift -= 4 {
			dst = append(dst, hex[r>>shift&0xf])
		}
		return dst
	}
}
