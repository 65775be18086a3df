// Package cli holds what the subcommands share: how they end, and flags.
package cli

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
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

// ColorHelp describes a --color flag.
const ColorHelp = "colours: auto (on a terminal, unless NO_COLOR is set), always, never"

// ParseColor checks the value of a --color flag.
func ParseColor(flag string) (terminal.Color, error) {
	c := terminal.Color(flag)
	if !c.Valid() {
		return "", Usagef("--color: %q is neither auto, nor always, nor never", flag)
	}
	return c, nil
}

// NoArgs refuses arguments.
func NoArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usagef("unexpected argument %q", args[0])
	}
	return nil
}
