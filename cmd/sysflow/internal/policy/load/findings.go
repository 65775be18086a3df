package load

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

const (
	// maxPlaces is how many further places of an error are named.
	maxPlaces = 3
	// manyUndefined is how many names of macros and lists that nothing defines are no slip of
	// the hand any more: a file with the definitions was not given.
	manyUndefined = 3
)

// undefined is what pkg/policy/rules says about a name that nothing defines.
var undefined = regexp.MustCompile(`^the (?:macro|list) ".*" is not defined`)

// Write shows findings with their lines. A name that is not defined is reported where it is
// used first, with the other places; if there are many, a file was probably forgotten, and
// that is said at the end.
func Write(w io.Writer, found diag.List, files []rules.File) error {
	short, names := merge(found)
	if err := diag.Write(w, short, Source(files)); err != nil {
		return err
	}
	if names <= manyUndefined {
		return nil
	}
	_, err := fmt.Fprintf(w, "\n%d macros or lists are not defined: files that belong together must be given together, for instance as their folder\n", names)
	return err
}

// merge makes one finding of all that say that the same name is not defined, and counts those
// names.
func merge(found diag.List) (short diag.List, names int) {
	uses := make(map[string]diag.List)
	for _, d := range found {
		if isUndefined(d) {
			uses[d.Message] = append(uses[d.Message], d)
		}
	}
	for _, d := range found {
		all := uses[d.Message]
		switch {
		case !isUndefined(d) || len(all) == 1:
			short = append(short, d)
		case all[0] == d:
			first := *d
			first.Message += " (also used at " + places(all[1:]) + ")"
			short = append(short, &first)
		}
	}
	return short, len(uses)
}

func isUndefined(d *diag.Diagnostic) bool {
	return d.Severity == diag.Error && undefined.MatchString(d.Message)
}

func places(l diag.List) string {
	var out []string
	for _, d := range l[:min(len(l), maxPlaces)] {
		out = append(out, d.Pos.String())
	}
	text := strings.Join(out, ", ")
	if more := len(l) - len(out); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
