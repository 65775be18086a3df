package render

import (
	"io"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
)

// LookFlags are the flags that say how a table looks, --width and --color.
type LookFlags struct{ Width, Color string }

// Add adds the flags, with their defaults.
func (f *LookFlags) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.Width, "width", "auto", "width of a table: auto (the terminal's, else usual columns), a number, or full (cut nothing)")
	flags.StringVar(&f.Color, "color", string(terminal.ColorAuto), cli.ColorHelp)
}

// Look is how a table is to look.
type Look struct {
	width int
	auto  bool // the width is that of the terminal
	color terminal.Color
}

// Look checks the flags; the error is one of usage and names the flag.
func (f *LookFlags) Look() (l Look, err error) {
	if l.color, err = cli.ParseColor(f.Color); err != nil {
		return l, err
	}
	switch f.Width {
	case "auto":
		l.auto = true
	case "full":
		l.width = FullWidth
	default:
		if l.width, err = strconv.Atoi(f.Width); err != nil || l.width < 1 {
			return l, cli.Usagef("--width: %q is neither auto, nor full, nor a number above 0", f.Width)
		}
	}
	return l, nil
}

// For returns how a table looks that is written to out.
func (l Look) For(out io.Writer) TableOptions {
	opts := TableOptions{Width: l.width, Color: l.color.For(out)}
	if l.auto {
		opts.Width = terminal.Width(out) // 0 is UsualWidth
	}
	return opts
}
