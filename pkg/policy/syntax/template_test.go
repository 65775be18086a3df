package syntax

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseTemplate(t *testing.T) {
	lit := func(text string) Part { return Part{Literal: text} }
	val := func(o Operand) Part { return Part{Operand: o} }
	for text, want := range map[string][]Part{
		"plain":                    {lit("plain")},
		"%proc.name":               {val(fld("proc.name"))},
		"a %proc.name.":            {lit("a "), val(fld("proc.name")), lit(".")},
		"(%proc.name) x":           {lit("("), val(fld("proc.name")), lit(") x")},
		"*%proc.name x":            {val(fld("proc.name")), lit(" x")},
		"a * b":                    {lit("a * b")},
		"%10proc.name|":            {{Operand: fld("proc.name"), Width: 10}, lit("|")},
		"%proc.name%proc.pid":      {val(fld("proc.name")), val(fld("proc.pid"))},
		"%proc.aname[2] %fd.name":  {val(arg("proc.aname", "2")), lit(" "), val(fld("fd.name"))},
		"%evt.arg.flags":           {val(fld("evt.arg.flags"))},
		"%user.name-%user.uid":     {val(fld("user.name")), lit("-"), val(fld("user.uid"))},
		"%user.name.%user.uid":     {val(fld("user.name")), lit("."), val(fld("user.uid"))},
		`%json.value["/a b"]`:      {val(arg("json.value", "/a b"))},
		"100%% of %proc.name%%":    {lit("100% of "), val(fld("proc.name")), lit("%")},
		"%toupper(proc.name) x":    {val(call("toupper", fld("proc.name"))), lit(" x")},
		"%5len( proc.aname[1] )th": {{Operand: call("len", arg("proc.aname", "1")), Width: 5}, lit("th")},
		"%k8s.pod.label.app.":      {val(fld("k8s.pod.label.app")), lit(".")},
		"%k8s.pod.label.a-b.io/c,": {val(fld("k8s.pod.label.a-b.io/c")), lit(",")},
		"%container.label.a/%fd.l": {val(fld("container.label.a")), lit("/"), val(fld("fd.l"))},
		"%k8s.pod.label[a.b/c] x":  {val(arg("k8s.pod.label", "a.b/c")), lit(" x")},
		"a\n%proc.name (x)":        {lit("a\n"), val(fld("proc.name")), lit(" (x)")},
	} {
		t.Run(text, func(t *testing.T) {
			got, err := ParseTemplate(text, nowhere)
			require.Nil(t, err)
			assert.Equal(t, &Template{Text: text, Parts: want}, got)
		})
	}
}

func TestTemplateErrors(t *testing.T) {
	for _, c := range []struct {
		text           string
		column, length int
		message        string
	}{
		{"", 1, 1, "the output is empty"},
		{" ", 1, 1, "the output is empty"},
		{"100%", 4, 1, "expected a field after '%', found the end of the output"},
		{"100% sure", 4, 1, `expected a field after '%', found " "`},
		{"%10", 1, 3, "expected a field after '%'"},
		{"%foo.", 1, 4, `expected a field after '%', found "foo."`},
		{"%99999proc.name", 1, 6, "the width of a value is at most 4096"},
		{"%999999999999999999999proc.name", 1, 22, "the width of a value is at most 4096"},
		{"%lower(proc.name)", 1, 6, "expected a field after '%'"},
		{"%val(proc.name)", 1, 4, "expected a field after '%'"},
		{"a %tolower(proc.name", 21, 1, "expected ',' or ')' in the arguments"},
		{"%proc.aname[2", 12, 1, "the argument of proc.aname is not closed"},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := ParseTemplate(c.text, nil)
			require.NotNil(t, err)
			assert.Contains(t, err.Message, c.message)
			assert.Equal(t, c.column, err.At.Column)
			assert.Equal(t, c.length, err.Length)
		})
	}
}
