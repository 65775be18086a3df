package field

import (
	"net/netip"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// group is what the fields of a table share.
type group struct {
	language Language
	scope    Scope
}

func (g group) def(name, desc string, typ Type, get func(*Record, Arg, *Value)) *Def {
	return &Def{Name: name, Desc: desc, Language: g.language, Scope: g.scope, Type: typ, Get: get}
}

// text is a field whose empty text means that there is none.
func (g group) text(name, desc string, get func(*Record) string) *Def {
	return g.def(name, desc, String, func(r *Record, _ Arg, v *Value) {
		v.setText(get(r))
	})
}

// textOK is a field that may be an empty text.
func (g group) textOK(name, desc string, get func(*Record) (string, bool)) *Def {
	return g.def(name, desc, String, func(r *Record, _ Arg, v *Value) {
		v.Str, v.Present = get(r)
	})
}

// built is a text that is put together in v.Buf; making a string of it allocates.
func (g group) built(name, desc string, appendTo func([]byte, *Record) []byte) *Def {
	return g.def(name, desc, String, func(r *Record, _ Arg, v *Value) {
		v.Buf = appendTo(v.Buf[:0], r)
		if len(v.Buf) > 0 {
			v.Present, v.Str = true, string(v.Buf)
		}
	})
}

func (g group) texts(name, desc string, appendTo func([]string, *Record) []string) *Def {
	d := g.def(name, desc, String, func(r *Record, _ Arg, v *Value) {
		v.Strs = appendTo(v.Strs, r)
		v.Present = len(v.Strs) > 0
	})
	d.Multi = true
	return d
}

// byKind is a field that is told no more than Def.ByKind says.
func (g group) byKind(name, desc string, typ Type, get func(v *Value, kind sysflow.Kind, ops sysflow.OpFlags, socket bool)) *Def {
	d := g.def(name, desc, typ, func(r *Record, _ Arg, v *Value) { get(v, r.Kind, r.Ops, isSocket(r.File.Type)) })
	d.ByKind = true
	return d
}

// textsByKind is byKind for several texts.
func (g group) textsByKind(name, desc string, appendTo func(to []string, kind sysflow.Kind, ops sysflow.OpFlags, socket bool) []string) *Def {
	d := g.byKind(name, desc, String, func(v *Value, kind sysflow.Kind, ops sysflow.OpFlags, socket bool) {
		v.Strs = appendTo(v.Strs, kind, ops, socket)
		v.Present = len(v.Strs) > 0
	})
	d.Multi = true
	return d
}

func (g group) number(name, desc string, get func(*Record) (int64, bool)) *Def {
	return g.def(name, desc, Int, func(r *Record, _ Arg, v *Value) {
		v.setInt(get(r))
	})
}

func (g group) numbers(name, desc string, appendTo func([]int64, *Record) []int64) *Def {
	d := g.def(name, desc, Int, func(r *Record, _ Arg, v *Value) {
		v.Ints = appendTo(v.Ints, r)
		v.Present = len(v.Ints) > 0
	})
	d.Multi = true
	return d
}

func (g group) truth(name, desc string, get func(*Record) (is, known bool)) *Def {
	return g.def(name, desc, Bool, func(r *Record, _ Arg, v *Value) {
		is, known := get(r)
		v.Present = known
		if is && known {
			v.Int = 1
		}
	})
}

func (g group) address(name, desc string, get func(*Record) netip.Addr) *Def {
	return g.def(name, desc, Addr, func(r *Record, _ Arg, v *Value) {
		v.Addr = get(r)
		v.Present = v.Addr.IsValid()
	})
}

func (g group) addresses(name, desc string, appendTo func([]netip.Addr, *Record) []netip.Addr) *Def {
	d := g.def(name, desc, Addr, func(r *Record, _ Arg, v *Value) {
		v.Addrs = appendTo(v.Addrs, r)
		v.Present = len(v.Addrs) > 0
	})
	d.Multi = true
	return d
}

// keyed is a text asked for by the key in brackets.
func (g group) keyed(name, desc string, get func(r *Record, key string) (string, bool)) *Def {
	d := g.def(name, desc, String, func(r *Record, arg Arg, v *Value) {
		v.Str, v.Present = get(r, arg.Key)
	})
	d.Arg = RequiredKey
	return d
}

// unanswerable is a field that SysFlow records say nothing about.
func (g group) unanswerable(name, desc, why string, typ Type) *Def {
	return &Def{Name: name, Desc: desc, Note: why, Language: g.language, Scope: g.scope, Type: typ, Answer: Unanswerable}
}

// closed says which texts the field can have; its description names them.
func (d *Def) closed(values ...string) *Def {
	d.Values = values
	if len(values) == 1 {
		d.Desc += ", always `" + values[0] + "`"
	} else {
		d.Desc += ", one of `" + strings.Join(values, "`, `") + "`"
	}
	return d
}

// orNumber says that a closed field has numbers as well.
func (d *Def) orNumber() *Def {
	d.numbers = true
	d.Desc += " or a number"
	return d
}

// about marks an answer as approximate.
func (d *Def) about(note string) *Def {
	d.Answer, d.Note = Approximate, note
	return d
}

// note adds a remark to an exact answer.
func (d *Def) note(note string) *Def {
	d.Note = note
	return d
}

// arg says what may stand in brackets.
func (d *Def) arg(kind ArgKind) *Def {
	d.Arg = kind
	return d
}

// picked adds what the field means with an argument: a single value.
func (d *Def) picked(kind ArgKind, get func(*Record, Arg, *Value)) *Def {
	one := *d
	one.Multi, one.List, one.Arg, one.Get = false, false, kind, get
	d.Arg, d.single = kind, &one
	return d
}

// shows says which texts of several the text form has.
func (d *Def) shows(printed func(string) bool) *Def {
	d.printed = printed
	return d
}

func (v *Value) setText(s string) { v.Str, v.Present = s, s != "" }

func (v *Value) setInt(n int64, ok bool) {
	if ok {
		v.Int, v.Present = n, true
	}
}
