package engine

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/expr"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// questions are a group of tests, which all engines of a program share.
type questions struct {
	scope   field.Scope
	sources []*sourceTests
	bits    int32
	// byText tells that all answers depend on one text and on nothing else of the record.
	byText bool
}

// areByText reports whether that holds for tests of some sources.
func areByText(scope field.Scope, atoms []*expr.Atom) bool {
	return scope == field.ScopeRecord && !slices.ContainsFunc(atoms, func(a *expr.Atom) bool {
		s := a.Source
		return s.Key != atoms[0].Source.Key || s.Type != field.String || s.Multi || a.Test.Kind == expr.Compares
	})
}

// unit is a group of tests that are answered together because they depend on the same
// thing. All that a unit ever tells about a record is a class: records of one class pass
// the same tests.
type unit struct {
	*questions
	// maxClasses bounds the classes that are kept.
	maxClasses int

	answers []uint64
	value   field.Value
	key     []byte
	classes map[string]uint32
	// few holds the classes, counted from 1, of answers that fit a byte: most units have
	// few tests, or pass few of them.
	few [256]uint32
	// passed holds the answers of each class.
	passed [][]uint64

	// What is asked often is remembered.
	shapes    *recent.Map[field.Shape, uint32]
	lastShape field.Shape
	lastClass uint32
	known     bool
	// texts are paths or, with byText, the values themselves.
	texts *recent.Map[string, uint32]
}

// sourceTests are the tests of one value.
type sourceTests struct {
	source *expr.Source
	tests  []tester
}

// tester sets the bits of the tests that a value passes.
type tester interface {
	test(r *field.Record, v *field.Value, bits []uint64)
}

// noClass is the class of records for which there is no room.
const noClass = ^uint32(0)

// remembered bounds how many shapes or texts a unit remembers.
const remembered = 1 << 14

// reset forgets everything that was learned from records.
func (u *unit) reset() {
	u.answers = make([]uint64, (u.bits+63)/64)
	u.classes = make(map[string]uint32)
	u.passed = nil
	u.few = [256]uint32{}
	u.shapes = recent.New[field.Shape, uint32](remembered)
	u.known = false
	u.texts = recent.New[string, uint32](remembered)
}

// ask answers all tests for r. The result is valid until the next call.
func (u *unit) ask(r *field.Record) []uint64 {
	clear(u.answers)
	for _, s := range u.sources {
		s.source.Get(r, &u.value)
		if !u.value.Present {
			continue
		}
		for _, t := range s.tests {
			t.test(r, &u.value, u.answers)
		}
	}
	return u.answers
}

// classify returns the class of r.
func (u *unit) classify(r *field.Record) uint32 {
	switch u.scope {
	case field.ScopeShape:
		return u.classifyShape(r)
	case field.ScopeFile:
		return u.classifyBy(r.File.Path, r)
	case field.ScopeNewFile:
		return u.classifyBy(r.NewFile.Path, r)
	}
	if u.byText {
		return u.classifyText(r)
	}
	return u.class(u.ask(r))
}

func (u *unit) classifyShape(r *field.Record) uint32 {
	s := r.Shape()
	if u.known && s == u.lastShape {
		return u.lastClass
	}
	c, ok := u.shapes.Get(s)
	if !ok {
		if c = u.class(u.ask(r)); c == noClass {
			return c
		}
		u.shapes.Put(s, c)
	}
	u.lastShape, u.lastClass, u.known = s, c, true
	return c
}

// classifyBy returns the class of r, which depends on a text and on nothing else.
func (u *unit) classifyBy(text string, r *field.Record) uint32 {
	if c, ok := u.texts.Get(text); ok {
		return c
	}
	c := u.class(u.ask(r))
	if c != noClass {
		u.texts.Put(strings.Clone(text), c) // its memory may be used again
	}
	return c
}

func (u *unit) classifyText(r *field.Record) uint32 {
	u.sources[0].source.Get(r, &u.value)
	if u.value.Present {
		return u.classifyBy(u.value.Str, r)
	}
	clear(u.answers)
	return u.class(u.answers)
}

// class returns the class with those answers, noClass if it is new and there is no room.
func (u *unit) class(answers []uint64) uint32 {
	fits := len(answers) == 1 && answers[0] < uint64(len(u.few))
	if fits && u.few[answers[0]] != 0 {
		return u.few[answers[0]] - 1
	}
	c := u.intern(answers)
	if fits && c != noClass {
		u.few[answers[0]] = c + 1
	}
	return c
}

func (u *unit) intern(answers []uint64) uint32 {
	key := u.key[:0]
	for _, w := range answers {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	u.key = key
	if c, ok := u.classes[string(key)]; ok {
		return c
	}
	if len(u.passed) >= u.maxClasses {
		return noClass
	}
	c := uint32(len(u.passed))
	u.passed = append(u.passed, slices.Clone(answers))
	u.classes[string(key)] = c
	return c
}
