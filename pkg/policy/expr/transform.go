package expr

import (
	"encoding/base64"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// call binds a transformer. It returns nil after an error, and for values that SysFlow
// never has.
func (b *binder) call(c *syntax.Call) *Source {
	switch c.Name {
	case "val":
		return b.argument(c, false)
	case "tolower":
		return b.mapText(c, func(s string) (string, bool) { return Lower(s), true })
	case "toupper":
		return b.mapText(c, func(s string) (string, bool) { return upper(s), true })
	case "basename":
		return b.mapText(c, func(s string) (string, bool) { return s[strings.LastIndexByte(s, '/')+1:], true })
	case "b64":
		return b.mapText(c, decodeBase64)
	case "len":
		if s := b.argument(c, false); s != nil {
			return s.length()
		}
		return nil
	case "concat":
		return b.join(c, "", c.Args)
	case "join":
		return b.joinCall(c)
	case "getopt":
		return b.getoptCall(c)
	}
	b.errorf(c.At, len(c.Name), "there are tolower, toupper, b64, basename, len, join, concat, getopt and val",
		"unknown transformer %q", c.Name)
	return nil
}

func (b *binder) mapText(c *syntax.Call, f func(string) (string, bool)) *Source {
	if s := b.argument(c, true); s != nil {
		return s.mapped(c.Name, f)
	}
	return nil
}

// argument binds the only argument of c, which must be a text if so wanted.
func (b *binder) argument(c *syntax.Call, text bool) *Source {
	if len(c.Args) != 1 {
		b.errorf(c.At, len(c.Name), "", "%s takes one argument, here are %d", c.Name, len(c.Args))
		return nil
	}
	s := b.source(c.Args[0])
	if s != nil && text && s.Type != field.String {
		b.errorf(c.Args[0].Pos(), 1, "", "%s needs a text, and %s is %s", c.Name, s.Key, typeName(s.Type))
		return nil
	}
	return s
}

// join binds the parts of a text; one part that SysFlow never has leaves nothing.
func (b *binder) join(c *syntax.Call, sep string, parts []syntax.Operand) *Source {
	if len(parts) == 0 {
		b.errorf(c.At, len(c.Name), "", "%s needs something to join", c.Name)
		return nil
	}
	list := make([]*Source, 0, len(parts))
	for _, p := range parts {
		if s := b.source(p); s != nil {
			list = append(list, s.asText())
		}
	}
	if len(list) < len(parts) {
		return nil
	}
	return joined(c.Name, sep, list)
}

func (b *binder) joinCall(c *syntax.Call) *Source {
	if len(c.Args) == 2 {
		sep, ok := c.Args[0].(*syntax.Literal)
		if tuple, isTuple := c.Args[1].(*syntax.Tuple); ok && isTuple {
			return b.join(c, sep.Text, tuple.Items)
		}
		if ok {
			return b.join(c, sep.Text, c.Args[1:])
		}
	}
	b.errorf(c.At, len(c.Name), `like join("-", (proc.name, proc.pid))`, "join takes a separator and a list")
	return nil
}

// getoptCall binds getopt(list, "ab:")[b]: the value of an option, or of one without value
// that it is there.
func (b *binder) getoptCall(c *syntax.Call) *Source {
	var opts *syntax.Literal
	if len(c.Args) == 2 {
		opts, _ = c.Args[1].(*syntax.Literal)
	}
	if opts == nil || !c.HasIndex || len(c.Index) != 1 {
		b.errorf(c.At, len(c.Name), `like getopt(proc.args, "ab:")[b]`, "getopt takes a list, the options as text, and one of them in brackets")
		return nil
	}
	s := b.source(c.Args[0])
	if s == nil {
		return nil
	}
	if s.Type != field.String {
		b.errorf(c.Args[0].Pos(), 1, "", "getopt needs texts, and %s is %s", s.Key, typeName(s.Type))
		return nil
	}
	spec, want := opts.Text, c.Index[0]
	out := *s
	out.Key = "getopt(" + s.Key + ", " + spec + ")[" + c.Index + "]"
	out.Multi, out.List, out.EmptyIfMissing = false, false, false
	out.form = formOf(&out)
	out.get = func(r *field.Record, v *field.Value) {
		s.Get(r, v)
		args := v.Strs
		if !s.Multi {
			args = strings.Fields(v.Str)
		}
		text, ok := getopt(args, spec, want)
		v.Reset()
		v.Present, v.Str = ok, text
	}
	return &out
}

// getopt looks for an option as getopt(3) does: letters may stand together, the value of an
// option follows at once or in the next argument, "--" ends the options.
func getopt(args []string, spec string, want byte) (string, bool) {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			continue
		}
		for j := 1; j < len(arg); j++ {
			at := strings.IndexByte(spec, arg[j])
			takesValue := at >= 0 && arg[j] != ':' && at+1 < len(spec) && spec[at+1] == ':'
			if at < 0 || arg[j] == ':' {
				continue
			}
			if !takesValue {
				if arg[j] == want {
					return "", true
				}
				continue
			}
			value := arg[j+1:]
			if value == "" && i+1 < len(args) {
				i++
				value = args[i]
			}
			if arg[j] == want {
				return value, true
			}
			break
		}
	}
	return "", false
}

func decodeBase64(s string) (string, bool) {
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if out, err := enc.DecodeString(s); err == nil {
			return string(out), true
		}
	}
	return "", false
}
