package avro

import (
	"errors"
	"fmt"

	hamba "github.com/hamba/avro/v2"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// compileValue tells how to read a value of type s into a Go field of type want,
// nil for the plain case.
func compileValue(s hamba.Schema, want valueType, skips skippers) (*detail, error) {
	s = deref(s)
	if u, ok := s.(*hamba.UnionSchema); ok {
		return compileUnion(u, want, skips)
	}
	switch want {
	case typeLong, typeInt:
		return nil, expect(s, hamba.Int, hamba.Long)
	case typeBool:
		return nil, expect(s, hamba.Boolean)
	case typeString:
		return nil, expect(s, hamba.String, hamba.Bytes)
	case typeFOID:
		return nil, expectFixed(s, len(sysflow.FOID{}))
	case typeIPv6:
		return nil, expectFixed(s, ipv6Size)
	case typeOID:
		return compileOID(s, skips)
	case typeState, typeContainerType, typeK8sAction, typeK8sComponent:
		return compileEnum(s, want)
	case typeService:
		return compileNested(s, serviceLayout, skips)
	case typePort:
		return compileNested(s, portLayout, skips)
	case typeMount:
		return compileNested(s, mountLayout, skips)
	case typeDetails:
		return compileNested(s, detailsLayout, skips)
	default:
		return compileCollection(s, want, skips)
	}
}

// expect checks that s is one of the types, which are alike on the wire.
func expect(s hamba.Schema, types ...hamba.Type) error {
	for _, t := range types {
		if s.Type() == t {
			return nil
		}
	}
	return fmt.Errorf("%s, want %s", describe(s), types[0])
}

func expectFixed(s hamba.Schema, size int) error {
	if f, ok := s.(*hamba.FixedSchema); !ok || f.Size() != size {
		return fmt.Errorf("%s, want fixed of %d bytes", describe(s), size)
	}
	return nil
}

// compileUnion takes the first branch that the field can take, and null as "absent".
func compileUnion(u *hamba.UnionSchema, want valueType, skips skippers) (*detail, error) {
	var out *detail
	var firstErr error
	choices := make([]choice, len(u.Types()))
	for i, t := range u.Types() {
		switch deref(t).Type() {
		case hamba.Null:
			choices[i] = choiceNull
			continue
		case hamba.Union:
			return nil, errors.New("a union within a union")
		}
		d, err := compileValue(t, want, skips)
		switch {
		case err != nil:
			firstErr = errors.Join(firstErr, err)
		case out == nil:
			if d == nil {
				d = &detail{}
			}
			out, choices[i] = d, choiceValue
		}
	}
	if out == nil {
		return nil, fmt.Errorf("no branch of the union fits: %w", firstErr)
	}
	out.union = choices
	return out, nil
}

func compileOID(s hamba.Schema, skips skippers) (*detail, error) {
	r, ok := s.(*hamba.RecordSchema)
	if !ok {
		return nil, fmt.Errorf("%s, want record sysflow.type.OID", describe(s))
	}
	steps, err := compileRecord(r, oidLayout, skips)
	if err != nil {
		return nil, err
	}
	if len(steps) == 2 && steps[0] == (step{dst: fieldCreateTS}) && steps[1] == (step{dst: fieldHPID}) {
		return nil, nil
	}
	return &detail{steps: steps}, nil
}

// compileEnum maps the symbols of the file by name. Container types and Kubernetes
// enums have a catch-all for names of the future.
func compileEnum(s hamba.Schema, want valueType) (*detail, error) {
	e, ok := s.(*hamba.EnumSchema)
	if !ok {
		return nil, fmt.Errorf("%s, want enum", describe(s))
	}
	d := &detail{enum: make([]uint8, len(e.Symbols()))}
	for i, symbol := range e.Symbols() {
		d.enum[i] = enumValue(symbol, want)
	}
	return d, nil
}

func enumValue(symbol string, want valueType) uint8 {
	switch want {
	case typeContainerType:
		if v, ok := sysflow.ParseContainerType(symbol); ok {
			return uint8(v)
		}
		return uint8(sysflow.ContainerCustom)
	case typeK8sAction:
		if v, ok := sysflow.ParseK8sAction(symbol); ok {
			return uint8(v)
		}
		return uint8(sysflow.K8sComponentUnknown)
	case typeK8sComponent:
		if v, ok := sysflow.ParseK8sComponent(symbol); ok {
			return uint8(v)
		}
		return uint8(sysflow.K8sUnknown)
	default:
		if v, ok := sysflow.ParseObjectState(symbol); ok {
			return uint8(v)
		}
		return badEnum
	}
}

// compileCollection handles arrays and maps.
func compileCollection(s hamba.Schema, want valueType, skips skippers) (*detail, error) {
	if want == typeStringMap {
		m, ok := s.(*hamba.MapSchema)
		if !ok {
			return nil, fmt.Errorf("%s, want map", describe(s))
		}
		return itemDetail(compileValue(m.Values(), typeString, skips))
	}
	a, ok := s.(*hamba.ArraySchema)
	if !ok {
		return nil, fmt.Errorf("%s, want array", describe(s))
	}
	item := typeString
	switch want {
	case typeLongs:
		item = typeLong
	case typeServices:
		item = typeService
	case typePorts:
		item = typePort
	case typeMounts:
		item = typeMount
	}
	return itemDetail(compileValue(a.Items(), item, skips))
}

func itemDetail(d *detail, err error) (*detail, error) {
	if d == nil || err != nil {
		return nil, err
	}
	return &detail{item: d}, nil
}

// compileNested handles the records in an array.
func compileNested(s hamba.Schema, targets []target, skips skippers) (*detail, error) {
	r, ok := s.(*hamba.RecordSchema)
	if !ok {
		return nil, fmt.Errorf("%s, want record", describe(s))
	}
	steps, err := compileRecord(r, targets, skips)
	return &detail{steps: steps}, err
}
