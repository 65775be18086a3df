package field

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Problem is why a field cannot be had.
type Problem struct {
	// Message says what is wrong, Hint how to mend it (may be empty).
	Message, Hint string
	// Unknown is set if there is no such field, unset if its argument is wrong.
	Unknown bool
}

// Resolve returns the field that a rule names. Misspelt names of published policies are
// read as what is meant, see Correction.
func Resolve(f *syntax.Field) (Ref, *Problem) { return resolve(f, unknown) }

// Named returns the field that a word names, which may be none: most words are values, so unlike
// Resolve it looks for no name that may be meant.
func Named(word string) (ref Ref, ok bool) {
	ref, problem := resolve(&syntax.Field{Name: word}, func(string) *Problem { return &Problem{Unknown: true} })
	return ref, problem == nil
}

func resolve(f *syntax.Field, unknown func(name string) *Problem) (Ref, *Problem) {
	name := f.Name
	if means, ok := corrections[name]; ok {
		name = means
	}
	arg, given := f.Arg, f.HasArg
	if given && (name == "evt.arg" || name == "evt.rawarg") {
		if _, err := strconv.Atoi(arg); err == nil {
			return unnumbered(name, arg), nil
		}
		name, arg, given = name+"."+arg, "", false // evt.arg[flags] is evt.arg.flags
	}
	if base, key, ok := cutLabel(name); ok && !given {
		name, arg, given = base, key, true // k8s.pod.label.app is k8s.pod.label[app]
	}
	d, ok := fields().byName[name]
	if !ok {
		return Ref{}, unknown(name)
	}
	ref := Ref{Def: d, Text: name}
	if !given {
		return ref, d.checkNone()
	}
	ref.Text = name + "[" + arg + "]"
	ref.Arg = Arg{Given: true, Key: arg}
	if d.single != nil {
		ref.Def = d.single
	}
	return ref, d.checkArg(&ref.Arg)
}

// cutLabel splits the name of a field of labels from the key that follows it: Falco takes the
// key behind a dot as well as in brackets (libs, userspace/libsinsp/sinsp_filtercheck_k8s.cpp,
// parse_field_name).
func cutLabel(name string) (base, key string, ok bool) {
	const tag = ".label"
	before, key, found := strings.Cut(name, tag+".")
	d, known := fields().byName[before+tag]
	return before + tag, key, found && known && d.Arg == RequiredKey
}

// unnumbered is a parameter by its number, which SysFlow does not know.
func unnumbered(name, number string) Ref {
	g := group{Falco, ScopeRecord}
	d := g.unanswerable(name, "parameter by number", "parameters are recorded by name", String).arg(RequiredIndex)
	return Ref{Def: d, Text: name + "[" + number + "]", Arg: Arg{Given: true, Key: number}}
}

func (d *Def) checkNone() *Problem {
	switch d.Arg {
	case RequiredKey:
		return &Problem{Message: d.Name + " needs a name in brackets", Hint: "write " + d.Name + "[name]"}
	case RequiredIndex:
		return &Problem{Message: d.Name + " needs a number in brackets", Hint: "write " + d.Name + "[1]"}
	}
	return nil
}

func (d *Def) checkArg(arg *Arg) *Problem {
	switch d.Arg {
	case NoArg:
		return &Problem{Message: d.Name + " takes nothing in brackets", Hint: "write " + d.Name}
	case OptionalIndex, RequiredIndex:
		n, err := strconv.ParseUint(arg.Key, 10, 31)
		if err != nil {
			return &Problem{Message: fmt.Sprintf("%s takes a number in brackets, not %q", d.Name, arg.Key), Hint: "write " + d.Name + "[1]"}
		}
		arg.Index = int(n)
	default:
		if arg.Key == "" {
			return &Problem{Message: d.Name + " needs something in the brackets", Hint: "write " + d.Name + "[name]"}
		}
	}
	return nil
}

func unknown(name string) *Problem {
	p := &Problem{Message: fmt.Sprintf("unknown field %q", name), Unknown: true}
	for _, prefix := range [...]string{evtArg, rawArg, "evt.type.is."} {
		if what, ok := strings.CutPrefix(name, prefix); ok && prefix != "evt.type.is." {
			p.Message = fmt.Sprintf("no system call has a parameter %q", what)
		}
	}
	if near := suggest(name); near != "" {
		p.Hint = "did you mean " + near + "?"
	}
	return p
}
