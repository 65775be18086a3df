package syntax

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// nowhere is a locator that forgets positions, so that trees can be compared.
func nowhere(int) diag.Position { return diag.Position{} }

// assertSame asserts that a condition reads back the same from its canonical text.
func assertSame(t testing.TB, n Node) {
	t.Helper()
	text := Format(n)
	again, err := ParseCondition(text, nowhere)
	require.Nil(t, err, text)
	clearPositions(reflect.ValueOf(n))
	assert.Equal(t, n, again, text)
	assert.Equal(t, text, Format(again))
}

// clearPositions sets all positions in a tree to zero.
func clearPositions(v reflect.Value) {
	if v.Type() == reflect.TypeFor[diag.Position]() {
		v.SetZero()
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			clearPositions(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			clearPositions(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			clearPositions(v.Index(i))
		}
	}
}
