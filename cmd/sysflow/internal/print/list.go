package print

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
)

// list writes the names and meanings of all fields.
func list(w io.Writer) error {
	all, usual := fields.All(), fields.DefaultNames()
	widest := 0
	for _, f := range all {
		widest = max(widest, len(f.Name))
	}
	var b strings.Builder
	for _, f := range all {
		mark := ' '
		switch {
		case slices.Contains(usual, f.Name):
			mark = '*'
		case f.OnDemand:
			mark = '+'
		}
		fmt.Fprintf(&b, "%c %-*s  %s\n", mark, widest, f.Name, f.Help)
	}
	b.WriteString("\n* usual columns of a table    + only when named with -c, not part of --all\n")
	_, err := io.WriteString(w, b.String())
	return err
}
