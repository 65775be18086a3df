// Package cli holds what the subcommands share: how they end, and what they find
// out about the terminal.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit statuses.
const (
	StatusOK    = 0
	StatusError = 1
	StatusUsage = 2
)

// ErrReported ends a command with StatusError when the user was already told why.
var ErrReported = errors.New("already reported")

// UsageError is a mistake in how a command was called.
type UsageError struct{ Err error }

// Error implements error.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the mistake.
func (e *UsageError) Unwrap() error { return e.Err }

// OutputError is a failure to write the output, which ends a command; other errors are about a
// file that is read, after which the next file follows.
type OutputError struct{ Err error }

// Error implements error.
func (e *OutputError) Error() string { return "writing the output: " + e.Err.Error() }

// Unwrap returns why it failed.
func (e *OutputError) Unwrap() error { return e.Err }

// Usagef returns a UsageError.
func Usagef(format string, args ...any) error { return &UsageError{Err: fmt.Errorf(format, args...)} }

// Finish reports err to stderr, with the command's path as prefix, and returns the
// exit status. A closed pipe is no error: whoever reads the output has seen enough.
func Finish(err error, command string, stderr io.Writer) int {
	var usage *UsageError
	switch {
	case err == nil || errors.Is(err, syscall.EPIPE):
		return StatusOK
	case errors.Is(err, ErrReported):
		return StatusError
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "%s: %v\nTry '%s --help'.\n", command, err, command)
		return StatusUsage
	default:
		fmt.Fprintf(stderr, "%s: %v\n", command, err)
		return StatusError
	}
}

// IsTerminal reports whether w is a terminal.
func IsTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// TerminalWidth returns the columns of the terminal w, 0 when it is none.
func TerminalWidth(w any) int {
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

// Color is the value of a --color flag.
type Color string

// Values of a --color flag.
const (
	ColorAuto   Color = "auto"
	ColorAlways Color = "always"
	ColorNever  Color = "never"
)

// ColorHelp describes a --color flag.
const ColorHelp = "colours: auto (on a terminal, unless NO_COLOR is set), always, never"

// ParseColor checks the value of a --color flag.
func ParseColor(flag string) (Color, error) {
	switch c := Color(flag); c {
	case ColorAuto, ColorAlways, ColorNever:
		return c, nil
	default:
		return "", Usagef("--color: %q is neither auto, nor always, nor never", flag)
	}
}

// For tells whether what is written to w is to be coloured.
func (c Color) For(w any) bool {
	if c == ColorAuto {
		return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return c == ColorAlways
}

// NoArgs refuses arguments.
func NoArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usagef("unexpected argument %q", args[0])
	}
	return nil
}
