package syntax

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func FuzzParseCondition(f *testing.F) {
	for _, seed := range []string{
		"a and not (b or c)", "proc.name in (a, 'b c', \"d\\\"\",)", "proc.aname[2]=x", "sf.opflags = [A, b:[c]]",
		"proc.name = [ and proc.args = ]", `sf.pod.services[#(name=="x").port.0] exists`, "fd.num >= -1 or x",
		`join(",", (proc.name, 1)) = val(proc.exe)`, `getopt(proc.args, "a")[b] != anyof (x)`, "proc.name regex ^a$", "a.b=[ ]", "sf.a=[ ]",
		`1 = 1 or -2 in (1, 'x')`, `'a' != "b" and k8s.pod.label.app.kubernetes.io/part-of = x`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseCondition(text, nil)
		if err != nil {
			checkError(t, err, text)
			return
		}
		assertSame(t, n)
	})
}

func FuzzParseTemplate(f *testing.F) {
	for _, seed := range []string{"a %proc.name b%%", "*%10proc.aname[2]", "%tolower(proc.name).", "%join(\",\",(fd.name))", "%k8s.pod.label.a.b/c-d."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, err := ParseTemplate(text, nil)
		if err != nil {
			checkError(t, err, text)
			return
		}
		for i, part := range tmpl.Parts {
			if part.Operand == nil {
				assert.NotEmpty(t, part.Literal)
				assert.False(t, i > 0 && tmpl.Parts[i-1].Operand == nil, "two literals in a row")
			}
		}
	})
}

// checkError asserts that an error points into the text.
func checkError(t *testing.T, err *Error, text string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	require.LessOrEqual(t, err.At.Line, len(lines))
	line := lines[err.At.Line-1]
	require.LessOrEqual(t, err.At.Column, len(line)+1)
	require.Positive(t, err.Length)
	require.LessOrEqual(t, err.At.Column+err.Length, len(line)+2)
	require.NotEmpty(t, err.Message)
}
