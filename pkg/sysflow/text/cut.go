package text

import "unicode/utf8"

// ellipsis stands where something was cut off.
const ellipsis = ".."

// AppendTail appends the end of s, after "..", in width characters, or all of s if it fits. dst may
// be s[:0].
func AppendTail(dst, s []byte, width int) []byte {
	n := utf8.RuneCount(s)
	if n <= width {
		return append(dst, s...)
	}
	end := s[offset(s, n-width+len(ellipsis)):]
	return append(append(dst, ellipsis...), end...)
}

// AppendHead appends the beginning of s, before "..", in width characters, or all of s if it fits.
// dst may be s[:0].
func AppendHead(dst, s []byte, width int) []byte {
	if utf8.RuneCount(s) <= width {
		return append(dst, s...)
	}
	return append(append(dst, s[:offset(s, width-len(ellipsis))]...), ellipsis...)
}

// offset returns where the nth character begins.
func offset(s []byte, n int) int {
	at := 0
	for range n {
		_, size := utf8.DecodeRune(s[at:])
		at += size
	}
	return at
}
