package avro

import (
	hamba "github.com/hamba/avro/v2"
)

// maxSkipDepth bounds the nesting of values that are skipped; a recursive type in
// a hostile file could otherwise exhaust the stack.
const maxSkipDepth = 64

// skipper passes over a value that SysFlow has no place for.
type skipper struct {
	typ  hamba.Type
	size int        // of fixed-size types
	none bool       // the value never has any bytes
	subs []*skipper // fields of a record, branches of a union, the item of an array or map
}

// skippers builds skippers, each record type once, so that recursive types end.
type skippers map[string]*skipper

func (m skippers) build(s hamba.Schema) *skipper {
	if ref, ok := s.(*hamba.RefSchema); ok {
		s = ref.Schema()
	}
	sk := &skipper{typ: s.Type(), none: s.Type() == hamba.Null}
	switch s := s.(type) {
	case *hamba.RecordSchema:
		if known, ok := m[s.FullName()]; ok {
			return known
		}
		m[s.FullName()] = sk
		sk.typ = hamba.Record
		none := true
		for _, f := range s.Fields() {
			sub := m.build(f.Type())
			sk.subs = append(sk.subs, sub)
			none = none && sub.none
		}
		sk.none = none
	case *hamba.UnionSchema:
		for _, t := range s.Types() {
			sk.subs = append(sk.subs, m.build(t))
		}
	case *hamba.ArraySchema:
		sk.subs = []*skipper{m.build(s.Items())}
	case *hamba.MapSchema:
		sk.subs = []*skipper{m.build(s.Values())}
	case *hamba.FixedSchema:
		sk.size, sk.none = s.Size(), s.Size() == 0
	}
	return sk
}

// skip passes over one value. Values without bytes are not looked into: types that contain
// each other many times over could otherwise keep it busy forever.
func (c *cursor) skip(sk *skipper, depth int) {
	if sk.none {
		return
	}
	if depth > maxSkipDepth {
		c.fail("values nested deeper than %d", maxSkipDepth)
	}
	if c.err != nil {
		return
	}
	switch sk.typ {
	case hamba.Boolean:
		c.fixed(1)
	case hamba.Int, hamba.Long, hamba.Enum:
		c.long()
	case hamba.Float:
		c.fixed(4)
	case hamba.Double:
		c.fixed(8)
	case hamba.Fixed:
		c.fixed(sk.size)
	case hamba.String, hamba.Bytes:
		c.bytes()
	case hamba.Record:
		for _, sub := range sk.subs {
			c.skip(sub, depth+1)
		}
	case hamba.Union:
		if i := c.long(); i < 0 || i >= int64(len(sk.subs)) {
			c.fail("union branch %d of %d", i, len(sk.subs))
		} else {
			c.skip(sk.subs[i], depth+1)
		}
	case hamba.Array, hamba.Map:
		c.skipItems(sk, depth)
	}
}

func (c *cursor) skipItems(sk *skipper, depth int) {
	for n := c.count(); n > 0; n = c.count() {
		for range n {
			if sk.typ == hamba.Map {
				c.bytes()
			} else if sk.subs[0].none {
				break
			}
			c.skip(sk.subs[0], depth+1)
			if c.err != nil {
				return
			}
		}
	}
}
