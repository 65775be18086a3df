package naive

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// call applies a transformer. As in libs (userspace/libsinsp/sinsp_filter_transformer.cpp and
// sinsp_filtercheck_multivalue_transformer.cpp) nothing becomes of a missing value; a missing
// text of SysFlow is empty. The result has the language of the first field.
func call(c *syntax.Call, r *field.Record) (value, error) {
	v, err := apply(c, r)
	if c.Name != "val" {
		v.made, v.name = true, ""
	}
	return v, err
}

func apply(c *syntax.Call, r *field.Record) (value, error) {
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
		args = append(args, emptyIfSysFlow(v))
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
	all := value{multi: true, list: true, constant: true}
	missing := false
	for _, o := range t.Items {
		v, err := operand(o, r)
		if err != nil {
			return value{}, err
		}
		v = emptyIfSysFlow(v)
		if all.constant && !v.constant {
			all.constant, all.language = false, v.language
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
			if err != nil && (v.multi || v.language == field.Falco) {
				continue // as if it were missing
			}
			s = ""
			if err == nil {
				s = string(plain)
			}
		default:
			return value{}, fmt.Errorf("unknown transformer %q", name)
		}
		out.items = append(out.items, text(s))
	}
	return out, nil
}

func emptyIfSysFlow(v value) value {
	if v.language == field.SysFlow && !v.constant {
		return orEmpty(v)
	}
	return v
}

// length is the number of values if there can be several, otherwise the length of the text
// in bytes.
func length(v value) value {
	out := value{language: v.language, typ: field.Int}
	switch {
	case len(v.items) == 0:
	case v.multi:
		out.items = []item{{typ: field.Int, num: int64(len(v.items))}}
	default:
		out.items = []item{{typ: field.Int, num: int64(len(v.items[0].String()))}}
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
	var out value
	var all strings.Builder
	first := true
	for _, a := range args {
		if first && !a.constant {
			out.language, first = a.language, false
		}
	}
	for _, a := range args {
		if len(a.items) == 0 {
			return out
		}
		all.WriteString(a.items[0].String())
	}
	out.items = []item{text(all.String())}
	return out
}
