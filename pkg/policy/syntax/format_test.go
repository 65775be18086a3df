package syntax

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// Conditions whose lists have been expanded hold texts that no parser would leave bare.
func TestFormatQuotes(t *testing.T) {
	for want, n := range map[string]Node{
		`proc.name in ("a b", [, "[a", "(systemd)", "", "a,b", x)`: list(fld("proc.name"), In, bare("a b"), bare("["), bare("[a"), bare("(systemd)"), bare(""), bare("a,b"), bare("x")),
		`sf.proc.name = ["]", "a\"b", runc:[0]]`:                   brackets(fld("sf.proc.name"), Eq, bare("]"), bare(`a"b`), bare("runc:[0]")),
		`sf.proc.name = "[x]"`:                                     is(fld("sf.proc.name"), Eq, bare("[x]")),
		`proc.name = [x]`:                                          is(fld("proc.name"), Eq, bare("[x]")),
		`proc.env["a b"] = "a=b"`:                                  is(arg("proc.env", "a b"), Eq, bare("a=b")),
		`proc.env["\"a\""] exists`:                                 is(arg("proc.env", `"a"`), Exists),
		`proc.env[""] exists`:                                      is(arg("proc.env", ""), Exists),
		`sf.pod.services[#(name=="x y").port[0]] exists`:           is(arg("sf.pod.services", `#(name=="x y").port[0]`), Exists),
	} {
		assert.Equal(t, want, Format(n))
		_, err := ParseCondition(want, nil)
		assert.Nil(t, err, want)
	}
	assert.Equal(t, `join(", ", (proc.name, "b"))`, FormatOperand(call("join", str(", "), &Tuple{Items: []Operand{fld("proc.name"), str("b")}})))
}

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
		for _, field := range v.Fields() {
			clearPositions(field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			clearPositions(v.Index(i))
		}
	}
}
