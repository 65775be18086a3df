package diag

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	file := "- rule: x\r\n\tcondition:\ta matchs b\n größe = \x1b[31m\x07\n" + strings.Repeat("x", 500) + "HERE" + strings.Repeat("y", 500)
	at := func(line, column, length int) *Diagnostic {
		return &Diagnostic{
			Code: ErrCompileCondition, Message: "bad", Hint: "mend it", Length: length,
			Pos: Position{File: "f.yaml", Line: line, Column: column},
		}
	}
	const head = "f.yaml:"
	const tail = ": error: bad; mend it [LOAD_ERR_COMPILE_CONDITION]\n"
	for name, c := range map[string]struct {
		d    *Diagnostic
		want string
	}{
		"word":            {at(2, 15, 6), head + "2:15" + tail + "\tcondition:\ta matchs b\n\t          \t  ^~~~~~\n"},
		"one byte":        {at(1, 3, 0), head + "1:3" + tail + "- rule: x\n  ^\n"},
		"end of line":     {at(1, 10, 1), head + "1:10" + tail + "- rule: x\n         ^\n"},
		"behind the line": {at(1, 99, 5), head + "1:99" + tail + "- rule: x\n         ^\n"},
		"too long":        {at(1, 9, 50), head + "1:9" + tail + "- rule: x\n        ^\n"},
		"no column":       {at(1, 0, 1), head + "1" + tail + "- rule: x\n"},
		"no line":         {at(0, 0, 1), "f.yaml" + tail},
		"no such line":    {at(9, 1, 1), head + "9:1" + tail},
		"letters":         {at(3, 2, 7), head + "3:2" + tail + " größe = \uFFFD[31m\uFFFD\n ^~~~~\n"},
		"behind letters":  {at(3, 10, 1), head + "3:10" + tail + " größe = \uFFFD[31m\uFFFD\n       ^\n"},
		"long line": {
			at(4, 501, 4), head + "4:501" + tail + "..." + strings.Repeat("x", 120) + "HERE" + strings.Repeat("y", 116) + "...\n" +
				strings.Repeat(" ", 123) + "^~~~\n",
		},
		"other file": {&Diagnostic{Severity: Warning, Message: "odd", Pos: Position{File: "g", Line: 1, Column: 1}}, "g:1:1: warning: odd\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			require.NoError(t, Write(&b, List{c.d}, func(name string) ([]byte, bool) { return []byte(file), name == "f.yaml" }))
			assert.Equal(t, c.want, b.String())
		})
	}
}

func TestWriteAsksOncePerFile(t *testing.T) {
	asked := map[string]int{}
	l := List{
		{Message: "a", Pos: Position{File: "f", Line: 1, Column: 1}},
		{Message: "b", Pos: Position{File: "g", Line: 1, Column: 1}},
		{Message: "c", Pos: Position{File: "f", Line: 1, Column: 2}},
		{Message: "d", Pos: Position{File: "g", Line: 1, Column: 2}},
	}
	var b strings.Builder
	require.NoError(t, Write(&b, l, func(name string) ([]byte, bool) {
		asked[name]++
		return []byte("xy"), name == "f"
	}))
	assert.Equal(t, map[string]int{"f": 1, "g": 1}, asked)
	assert.Equal(t, "f:1:1: error: a\nxy\n^\ng:1:1: error: b\nf:1:2: error: c\nxy\n ^\ng:1:2: error: d\n", b.String())
	b.Reset()
	require.NoError(t, Write(&b, l[:1], nil))
	assert.Equal(t, "f:1:1: error: a\n", b.String())
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteFails(t *testing.T) {
	assert.EqualError(t, Write(brokenWriter{}, List{{Message: "a"}}, nil), "broken pipe")
}

func FuzzWrite(f *testing.F) {
	f.Add("a\tb\xff", 1, 3, 2)
	f.Fuzz(func(t *testing.T, text string, line, column, length int) {
		d := &Diagnostic{Message: "x", Length: length, Pos: Position{File: "f", Line: line, Column: column}}
		require.NoError(t, Write(&strings.Builder{}, List{d}, func(string) ([]byte, bool) { return []byte(text), true }))
	})
}
