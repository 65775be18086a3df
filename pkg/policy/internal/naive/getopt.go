package naive

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// option is one that getopt found. Its argument is nil if it takes none.
type option struct {
	letter   string
	argument *string
	// unknown options and those whose argument is missing have no letter.
	unknown bool
}

// getopt reads options as getopt(3) does: options and their values in a row, or with an
// index the last value of that option, or its letter if it takes none.
func getopt(argv, known value, c *syntax.Call) value {
	out := value{language: argv.language, multi: !c.HasIndex, list: !c.HasIndex}
	if len(argv.items) == 0 || len(known.items) == 0 {
		return out
	}
	var args []string
	for _, i := range argv.items {
		args = append(args, i.String())
	}
	for _, o := range options(args, strings.TrimPrefix(known.items[0].String(), ":")) {
		switch {
		case !c.HasIndex:
			out.items = append(out.items, o.texts()...)
		case !o.unknown && o.letter == c.Index && o.argument == nil:
			out.items = []item{text(o.letter)}
		case !o.unknown && o.letter == c.Index:
			out.items = []item{text(*o.argument)}
		}
	}
	return out
}

// texts are what an option puts into the list. One without its argument is an empty text.
func (o option) texts() []item {
	switch {
	case o.unknown:
		return []item{text("?")}
	case o.argument == nil:
		return []item{text(o.letter)}
	case *o.argument == "":
		return []item{text("")}
	}
	return []item{text(o.letter), text(*o.argument)}
}

func options(args []string, known string) []option {
	var found []option
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case len(arg) > 2 && strings.HasPrefix(arg, "--"):
			continue
		case len(arg) < 2 || arg[0] != '-' || arg == "--":
			return found
		}
		for arg = arg[1:]; arg != ""; {
			o := option{letter: arg[:1]}
			arg = arg[1:]
			at := strings.Index(known, o.letter)
			if o.unknown = o.letter == ":" || at < 0; !o.unknown && strings.HasPrefix(known[at+1:], ":") {
				if arg == "" && len(args) > 0 {
					arg, args = args[0], args[1:]
				}
				value := arg
				o.argument, arg = &value, ""
			}
			found = append(found, o)
		}
	}
	return found
}
