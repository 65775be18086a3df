package avro

import (
	"slices"
	"sync"

	hamba "github.com/hamba/avro/v2"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// plan says how to decode a file: it is compiled once from the file's schema, so
// that decoding looks neither at names nor at schemas.
type plan struct {
	before, after []*skipper // fields of the root record around "rec"
	branches      []branch   // by union index; a single one without union
	union         bool
}

// branch is one record type of the union.
type branch struct {
	name  string
	known bool
	kind  sysflow.Kind
	steps []step
}

// step decodes one field of the file, in file order. detail is nil for the plain case:
// a value that is present and encoded as in SchemaV5.
type step struct {
	dst    field
	detail *detail
}

// detail is what a step needs beyond the plain case.
type detail struct {
	skip  *skipper // a field without a place in the Go record
	union []choice // the value is in a union
	enum  []uint8  // our value of each symbol of the file's enum
	item  *detail  // detail of the items of an array or map
	steps []step   // fields of a nested record, nil for an OID in standard order
}

// choice is what a union branch means for a field.
type choice uint8

const (
	choiceForeign choice = iota // of a type that the field cannot take
	choiceNull
	choiceValue
)

// badEnum marks symbols that have no counterpart and no catch-all.
const badEnum = 0xff

// planV5 and planV6 are the plans of nearly every file: parsing the schema text costs more than
// decoding a small file.
var (
	planV5 = sync.OnceValues(func() (*plan, error) { return compile([]byte(SchemaV5)) })
	planV6 = sync.OnceValues(func() (*plan, error) { return compile([]byte(SchemaV6)) })
)

// planFor returns the plan of the schema of a file. Plans are read-only.
func planFor(schema []byte) (*plan, error) {
	switch string(schema) {
	case SchemaV5:
		return planV5()
	case SchemaV6:
		return planV6()
	}
	return compile(schema)
}

// compile turns the schema of a file into a plan.
func compile(schema []byte) (*plan, error) {
	parsed, err := hamba.ParseBytesWithCache(schema, "", &hamba.SchemaCache{})
	if err != nil {
		return nil, badSchema("%v", err)
	}
	root, ok := parsed.(*hamba.RecordSchema)
	if !ok || root.FullName() != "sysflow.SysFlow" {
		return nil, badSchema("the top-level type is %s, want record sysflow.SysFlow", describe(parsed))
	}
	var rec hamba.Schema
	p, skips := &plan{}, skippers{}
	for _, f := range root.Fields() {
		switch {
		case f.Name() == "rec":
			rec = deref(f.Type())
		case rec == nil:
			p.before = append(p.before, skips.build(f.Type()))
		default:
			p.after = append(p.after, skips.build(f.Type()))
		}
	}
	if rec == nil {
		return nil, badSchema("record sysflow.SysFlow has no field rec")
	}
	if err := p.compileBranches(rec, skips); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *plan) compileBranches(rec hamba.Schema, skips skippers) error {
	types := []hamba.Schema{rec}
	if u, ok := rec.(*hamba.UnionSchema); ok {
		types, p.union = u.Types(), true
	}
	known := false
	for _, t := range types {
		t = deref(t)
		b := branch{name: describe(t)}
		if r, ok := t.(*hamba.RecordSchema); ok {
			var targets []target
			if b.kind, targets, b.known = layout(r.FullName()); b.known {
				var err error
				if b.steps, err = compileRecord(r, targets, skips); err != nil {
					return err
				}
				known = true
			}
		}
		p.branches = append(p.branches, b)
	}
	if !known {
		return badSchema("no type of field rec is a SysFlow record")
	}
	return nil
}

// compileRecord maps the fields of a record of the file by name.
func compileRecord(r *hamba.RecordSchema, targets []target, skips skippers) ([]step, error) {
	steps := make([]step, 0, len(r.Fields()))
	found := make(map[field]bool, len(targets))
	for _, f := range r.Fields() {
		i := slices.IndexFunc(targets, func(t target) bool { return t.name == f.Name() })
		if i < 0 {
			steps = append(steps, step{detail: &detail{skip: skips.build(f.Type())}})
			continue
		}
		d, err := compileValue(f.Type(), targets[i].typ, skips)
		if err != nil {
			return nil, badSchema("field %s of %s: %v", f.Name(), r.FullName(), err)
		}
		steps = append(steps, step{dst: targets[i].dst, detail: d})
		found[targets[i].dst] = true
	}
	for _, t := range targets {
		if !t.optional && !found[t.dst] {
			return nil, badSchema("%s has no field %s", r.FullName(), t.name)
		}
	}
	return steps, nil
}

func deref(s hamba.Schema) hamba.Schema {
	if ref, ok := s.(*hamba.RefSchema); ok {
		return ref.Schema()
	}
	return s
}

// describe names a type for messages.
func describe(s hamba.Schema) string {
	if n, ok := s.(hamba.NamedSchema); ok {
		return string(s.Type()) + " " + n.FullName()
	}
	return string(s.Type())
}
