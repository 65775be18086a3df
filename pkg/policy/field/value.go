package field

import (
	"net/netip"
	"strconv"
)

// Text returns the text form of a value that the field d gave: several values are joined by
// commas, Falco's true lists stand in parentheses; empty if there is no value. Of evt.type
// it is one name for each operation.
func (v *Value) Text(d *Def) string {
	if v.Present && d.Type == String && !d.Multi {
		return v.Str
	}
	return string(v.AppendText(nil, d))
}

// AppendText appends the text form of a value, see Text.
func (v *Value) AppendText(b []byte, d *Def) []byte {
	if !v.Present {
		return b
	}
	if !d.Multi {
		return v.appendOne(b, d.Type, v.Str, v.Int, v.Addr)
	}
	if d.List {
		b = append(b, '(')
	}
	first := true
	for i := range max(len(v.Strs), len(v.Ints), len(v.Addrs)) {
		if d.printed != nil && !d.printed(v.Strs[i]) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = v.appendAt(b, d.Type, i)
	}
	if d.List {
		b = append(b, ')')
	}
	return b
}

func (v *Value) appendAt(b []byte, typ Type, i int) []byte {
	switch typ {
	case String:
		return append(b, v.Strs[i]...)
	case Addr:
		return v.Addrs[i].AppendTo(b)
	}
	return v.appendOne(b, typ, "", v.Ints[i], netip.Addr{})
}

func (*Value) appendOne(b []byte, typ Type, s string, n int64, a netip.Addr) []byte {
	switch typ {
	case Int:
		return strconv.AppendInt(b, n, 10)
	case Bool:
		return strconv.AppendBool(b, n != 0)
	case Addr:
		return a.AppendTo(b)
	}
	return append(b, s...)
}
