package expr

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// Source is where a value comes from: a field, or something made of fields.
type Source struct {
	// Key is equal for equal sources.
	Key   string
	Type  field.Type
	Multi bool
	// List marks true lists, see field.Def.
	List  bool
	Scope field.Scope
	// EmptyIfMissing makes a missing text an empty one (SysFlow).
	EmptyIfMissing bool
	// Fields are all fields that it is made of.
	Fields []field.Ref

	get func(r *field.Record, v *field.Value)
	// form says how a value is written out.
	form *field.Def
}

// Get puts the value of r into v.
func (s *Source) Get(r *field.Record, v *field.Value) {
	v.Reset()
	s.get(r, v)
	if s.EmptyIfMissing && !v.Present {
		v.Present = true
	}
}

// Early reports whether few records have the value, see field.Def.
func (s *Source) Early() bool { return len(s.Fields) == 1 && s.Fields[0].Early }

// fromField returns the source of a field that SysFlow can answer.
func fromField(ref field.Ref) *Source {
	def, arg := ref.Def, ref.Arg
	return &Source{
		Key: ref.Text, Type: def.Type, Multi: def.Multi, List: def.List, Scope: def.Scope,
		EmptyIfMissing: def.Language == field.SysFlow && def.Type == field.String && !def.Multi,
		Fields:         []field.Ref{ref},
		form:           def,
		get:            func(r *field.Record, v *field.Value) { def.Get(r, arg, v) },
	}
}

// asText returns the source of the text form of a value that is none.
func (s *Source) asText() *Source {
	if s.Type == field.String {
		return s
	}
	out := *s
	out.Key, out.Type = "text("+s.Key+")", field.String
	out.form = formOf(&out)
	out.EmptyIfMissing = len(s.Fields) > 0 && s.Fields[0].Language == field.SysFlow && !s.Multi
	out.get = func(r *field.Record, v *field.Value) {
		s.Get(r, v)
		textForm(s.Type, s.Multi, v)
	}
	return &out
}

// textForm fills the texts of v from its numbers or addresses.
func textForm(typ field.Type, multi bool, v *field.Value) {
	one := func(n int64, a netip.Addr) string {
		switch typ {
		case field.Bool:
			return strconv.FormatBool(n != 0)
		case field.Addr:
			return a.String()
		default:
			return strconv.FormatInt(n, 10)
		}
	}
	if !multi {
		if v.Present {
			v.Str = one(v.Int, v.Addr)
		}
		return
	}
	v.Strs = v.Strs[:0]
	for _, n := range v.Ints {
		v.Strs = append(v.Strs, one(n, netip.Addr{}))
	}
	for _, a := range v.Addrs {
		v.Strs = append(v.Strs, one(0, a))
	}
}

// mapped returns s with f applied to every text; f returns false where there is no result.
func (s *Source) mapped(name string, f func(string) (string, bool)) *Source {
	out := *s
	out.Key = name + "(" + s.Key + ")"
	out.form = formOf(&out)
	out.get = func(r *field.Record, v *field.Value) {
		s.Get(r, v)
		if !v.Present {
			return
		}
		if !s.Multi {
			v.Str, v.Present = f(v.Str)
			return
		}
		kept := v.Strs[:0]
		for _, text := range v.Strs {
			if t, ok := f(text); ok {
				kept = append(kept, t)
			}
		}
		v.Strs = kept
		v.Present = len(kept) > 0
	}
	return &out
}

// length returns the source of the length of a text in bytes, or of the number of elements.
func (s *Source) length() *Source {
	out := *s
	out.Key, out.Type, out.Multi, out.List, out.EmptyIfMissing = "len("+s.Key+")", field.Int, false, false, false
	out.form = formOf(&out)
	out.get = func(r *field.Record, v *field.Value) {
		s.Get(r, v)
		if s.Multi {
			v.Int = int64(len(v.Strs) + len(v.Ints) + len(v.Addrs))
			return
		}
		v.Int = int64(len(v.Str))
	}
	return &out
}

// joined returns the source of the texts of list with sep between them; a list has all its
// elements in it. There is no value if one of them is missing.
func joined(name, sep string, list []*Source) *Source {
	keys := make([]string, len(list))
	out := &Source{Type: field.String, Scope: commonScope(list), form: &field.Def{Type: field.String}}
	for i, s := range list {
		keys[i] = s.Key
		out.Fields = append(out.Fields, s.Fields...)
	}
	out.Key = name + "(" + strconv.Quote(sep) + ", " + strings.Join(keys, ", ") + ")"
	out.get = func(r *field.Record, v *field.Value) {
		var parts []string
		for _, s := range list {
			s.Get(r, v)
			switch {
			case !v.Present:
				v.Reset()
				return
			case s.Multi:
				parts = append(parts, v.Strs...)
			default:
				parts = append(parts, v.Str)
			}
		}
		v.Reset()
		v.Present, v.Str = true, strings.Join(parts, sep)
	}
	return out
}

// formOf returns how a value is written that is no field's own.
func formOf(s *Source) *field.Def {
	d := &field.Def{Type: s.Type, Multi: s.Multi, Language: field.Falco}
	if s.sysflow() {
		d.Language = field.SysFlow
	}
	return d
}

// constant returns the source of a text.
func constant(text string) *Source {
	return &Source{
		Key: strconv.Quote(text), Type: field.String, Scope: field.ScopeShape, form: &field.Def{Type: field.String},
		get: func(_ *field.Record, v *field.Value) { v.Present, v.Str = true, text },
	}
}

// commonScope is the narrowest scope that all of list lie in.
func commonScope(list []*Source) field.Scope {
	scope, known := field.ScopeRecord, false
	for _, s := range list {
		if len(s.Fields) == 0 {
			continue
		}
		if known && scope != s.Scope {
			return field.ScopeRecord
		}
		scope, known = s.Scope, true
	}
	return scope
}
