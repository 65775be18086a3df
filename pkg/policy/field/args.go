package field

import (
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// namedArgs are the arguments with names; that of SETUID, the first, has none.
func (r *Record) namedArgs() []string {
	switch {
	case r.Kind != sysflow.KindProcessEvent && r.Kind != sysflow.KindFileEvent && r.Kind != sysflow.KindNetworkEvent:
		return nil
	case r.Kind == sysflow.KindProcessEvent && r.Ops&sysflow.OpSetuid != 0:
		return r.Args[min(1, len(r.Args)):]
	}
	return r.Args
}

// arg is the value of a named argument as it was recorded.
func (r *Record) arg(name string) (string, bool) {
	for _, a := range r.namedArgs() {
		if len(a) > len(name) && a[len(name)] == '=' && a[:len(name)] == name {
			return a[len(name)+1:], true
		}
	}
	return "", false
}

// argText is arg for getters, empty where there is none.
func argText(name string) func(*Record) string {
	return func(r *Record) string {
		value, _ := r.arg(name)
		return value
	}
}

// argNumber reads an argument that is a number: decimal, 0x... or octal with a 0 before it.
func argNumber(name string) func(*Record) (int64, bool) {
	return func(r *Record) (int64, bool) {
		value, ok := r.arg(name)
		if !ok {
			return 0, false
		}
		return number(value)
	}
}

func number(text string) (int64, bool) {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return 0, false // a symbol, for which ParseInt would make an error
	}
	n, err := strconv.ParseInt(text, 0, 64)
	return n, err == nil
}

// Complete derives what others of its values imply; whoever fills a record calls it at the end.
func (r *Record) Complete() {
	if r.triesOpen() && r.OpenFlags == 0 {
		flags, _ := r.arg("flags")
		r.OpenFlags = openFlagsOf(flags)
	}
}

// openFlagsOf reads Falco's names of open flags.
func openFlagsOf(names string) sysflow.OpenFlags {
	var flags sysflow.OpenFlags
	for names != "" {
		var name string
		name, names, _ = strings.Cut(names, "|")
		for _, f := range openFlagNames {
			if f.name == name {
				flags |= f.flag
			}
		}
	}
	return flags
}

// modeBits are in the order of libs' table (driver/flags_table.c, chmod_mode).
var modeBits = [...]struct {
	bit  uint32
	name string
}{
	{0o0001, "S_IXOTH"},
	{0o0002, "S_IWOTH"},
	{0o0004, "S_IROTH"},
	{0o0010, "S_IXGRP"},
	{0o0020, "S_IWGRP"},
	{0o0040, "S_IRGRP"},
	{0o0100, "S_IXUSR"},
	{0o0200, "S_IWUSR"},
	{0o0400, "S_IRUSR"},
	{0o1000, "S_ISVTX"},
	{0o2000, "S_ISGID"},
	{0o4000, "S_ISUID"},
}

var modeTexts = texts[uint32]{make: func(mode uint32) string {
	var names []string
	for _, m := range modeBits {
		if mode&m.bit != 0 {
			names = append(names, m.name)
		}
	}
	if names == nil {
		return "0"
	}
	return strings.Join(names, "|")
}}

// modeText is Falco's form of the permissions that a call gives: "S_IXOTH|S_IROTH|...".
func modeText(r *Record) string {
	value, ok := r.arg("mode")
	if !ok {
		return ""
	}
	mode, isNumber := octal(value)
	if !isNumber {
		return value // names already
	}
	return modeTexts.of(mode & 0o7777)
}

// octal reads permissions, with or without a 0 before them.
func octal(text string) (uint32, bool) {
	if text == "" || len(text) > len("0o177777") {
		return 0, false
	}
	var n uint32
	for i, c := range []byte(text) {
		switch {
		case '0' <= c && c <= '7':
			n = n<<3 | uint32(c-'0')
		case c == 'o' && i == 1 && text[0] == '0' && len(text) > 2:
		default:
			return 0, false
		}
	}
	return n, true
}
