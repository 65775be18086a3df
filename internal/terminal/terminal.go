// Package terminal tells what is to be known of an output that people may look at.
package terminal

import (
	"os"

	"golang.org/x/term"
)

// Is reports whether w is a terminal.
func Is(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Width returns the columns of the terminal w, 0 when it is none.
func Width(w any) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Color tells when output is coloured.
type Color string

// Colours: ColorAuto is on a terminal that can show them, unless the environment has NO_COLOR, see
// https://no-color.org.
const (
	ColorAuto   Color = "auto"
	ColorAlways Color = "always"
	ColorNever  Color = "never"
)

// Valid reports whether c is one of the above.
func (c Color) Valid() bool { return c == ColorAuto || c == ColorAlways || c == ColorNever }

// For tells whether what is written to w is to be coloured.
func (c Color) For(w any) bool {
	if c == ColorAuto {
		return Is(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return c == ColorAlways
}
