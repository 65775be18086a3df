package sequence

import (
	"strconv"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// key is what the hits of a sequence share, on one host.
type key struct {
	oid  sysflow.OID
	text string
}

// clone returns a key whose text stays what it is when the record is reused.
func (k key) clone() key {
	k.text = strings.Clone(k.text)
	return k
}

// keyOf returns the key of a record; with ancestry each process has its own. ok is false
// for records that cannot take part.
func (m *Machine) keyOf(s *Spec, r *field.Record) (k key, ok bool) {
	switch s.By {
	case rules.JoinField:
		return m.fieldKey(s.Field, r)
	case rules.JoinContainer:
		if r.Process == nil {
			return k, false
		}
		return key{text: r.Process.ContainerID}, true
	default:
		if r.Process == nil {
			return k, false
		}
		return key{oid: r.Process.OID}, true
	}
}

// fieldKey is the text of a field's value, of lists that of all values.
func (m *Machine) fieldKey(f *field.Ref, r *field.Record) (k key, ok bool) {
	if f == nil || f.Get == nil {
		return k, false
	}
	v := &m.value
	v.Reset()
	f.Get(r, f.Arg, v)
	if !v.Present {
		return k, false
	}
	if !f.Multi && f.Type == field.String {
		return key{text: v.Str}, true
	}
	m.text = appendValue(m.text[:0], f.Def, v)
	return key{text: string(m.text)}, true
}

func appendValue(b []byte, d *field.Def, v *field.Value) []byte {
	if !d.Multi {
		switch d.Type {
		case field.Int:
			return strconv.AppendInt(b, v.Int, 10)
		case field.Bool:
			return strconv.AppendBool(b, v.Int != 0)
		case field.Addr:
			return v.Addr.AppendTo(b)
		default:
			return append(b, v.Str...)
		}
	}
	// Quotes tell the list of "a,b" from that of "a" and "b".
	for _, s := range v.Strs {
		b = append(strconv.AppendQuote(b, s), ',')
	}
	for _, n := range v.Ints {
		b = append(strconv.AppendInt(b, n, 10), ',')
	}
	for _, a := range v.Addrs {
		b = append(a.AppendTo(b), ',')
	}
	return b
}
