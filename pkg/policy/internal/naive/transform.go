package naive

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// call applies a transformer. As in libs (userspace/libsinsp/sinsp_filter_transformer.cpp and
// sinsp_filtercheck_multivalue_transformer.cpp) nothing becomes of a missing value.
func call(c *syntax.Call, r *field.Record) (value, error) {
	var args []value
	for _, a := range c.Args {
		if t, ok := a.(*syntax.Tuple); ok {
			v, err := tuple(t, r)
			if err != nil {
				return value{}, err
			}
			args = append(args, v)
			continue
		}
		v, err := operand(a, r)
		if err != nil {
			return value{}, err
		}
		args = append(args, v)
	}
	switch c.Name {
	case "val":
		return args[0], nil
	case "len":
		return length(args[0]), nil
	case "join":
		return join(args[0], args[1]), nil
	case "concat":
		return concat(args), nil
	case "getopt":
		return getopt(args[0], args[1], c), nil
	}
	return each(c.Name, args[0])
}

// tuple is a list of which every item must be there.
func tuple(t *syntax.Tuple, r *field.Record) (value, error) {
	all := value{language: field.Falco, multi: true, list: true}
	missing := false
	for _, o := range t.Items {
		v, err := operand(o, r)
		if err != nil {
			return value{}, err
		}
		missing = missing || len(v.items) == 0
		all.items = append(all.items, v.items...)
	}
	if missing {
		all.items = nil
	}
	return all, nil
}

// each changes every text of a value.
func each(name string, v value) (value, error) {
	v = emptyIfSysFlow(v)
	out := v
	out.items = nil
	for _, i := range v.items {
		s := i.String()
		switch name {
		case "tolower":
			s = lower(s)
		case "toupper":
			s = upper(s)
		case "basename":
			s = s[strings.LastIndexByte(s, '/')+1:]
		case "b64":
			plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
			if err != nil {
				return value{language: v.language, typ: v.typ}, nil
			}
			s = string(plain)
		default:
			return value{}, fmt.Errorf("unknown transformer %q", name)
		}
		out.items = append(out.items, text(s))
	}
	return out, nil
}

func emptyIfSysFlow(v value) value {
	if v.language == field.SysFlow {
		return orEmpty(v)
	}
	return v
}

// length is the number of values of a list, otherwise the length of the text in bytes.
func length(v value) value {
	out := value{language: v.language, typ: field.Int}
	v = emptyIfSysFlow(v)
	switch {
	case len(v.items) == 0:
	case v.list:
		out.items = []item{{typ: field.Int, num: int64(len(v.items))}}
	default:
		for _, i := range v.items {
			out.items = append(out.items, item{typ: field.Int, num: int64(len(i.String()))})
		}
	}
	return out
}

func join(separator, list value) value {
	out := value{language: list.language}
	if len(separator.items) == 0 || len(list.items) == 0 {
		return out
	}
	var all []string
	for _, i := range list.items {
		all = append(all, i.String())
	}
	out.items = []item{text(strings.Join(all, separator.items[0].String()))}
	return out
}

func concat(args []value) value {
	out := value{language: field.Falco}
	s := ""
	for _, a := range args {
		if len(a.items) == 0 {
			return out
		}
		s += a.items[0].String()
	}
	out.items = []item{text(s)}
	return out
}
