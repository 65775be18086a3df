package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// withExceptions is a rule with lists and the given exceptions, indented by six.
func withExceptions(exceptions string) string {
	return "- list: l\n  items: [x, \"y z\"]\n" +
		"- rule: R\n  desc: d\n  condition: a.b = 1 or a.b = 2\n  exceptions:\n" + exceptions
}

func TestExceptions(t *testing.T) {
	tests := []struct {
		name, exceptions, want string
	}{
		{"nothing", "", ""},
		{"no values", "    - {name: e, fields: [proc.name, 'proc.aname[2]']}\n", ""},
		{"empty values", "    - {name: e, fields: [fd.name, tolower(proc.name)], values: []}\n", ""},
		{"equal by default", "    - {name: e, fields: [c.d, c.e], values: [[a, b]]}\n", "c.d = a and c.e = b"},
		{"rows", "    - {name: e, fields: [c.d, c.e], values: [[a, b], [c, d]]}\n", "c.d = a and c.e = b or c.d = c and c.e = d"},
		{"operators", "    - {name: e, fields: [c.d, 'c.e[1]'], comps: [startswith, '>='], values: [[/a/b, 5]]}\n", "c.d startswith /a/b and c.e[1] >= 5"},
		{"one field in a list", "    - {name: e, fields: [c.d], values: [[a], [b]]}\n", "c.d = a or c.d = b"},
		{"list operators", "    - {name: e, fields: [c.d, c.e], comps: [in, pmatch], values: [[a, [b, c]]]}\n", "c.d in (a) and c.e pmatch (b, c)"},
		{"lists in parentheses", "    - {name: e, fields: [c.d, c.e], comps: [in, in], values: [[\"(a, l)\", l]]}\n", "c.d in (a, x, \"y z\") and c.e in (x, \"y z\")"},
		{"list with commas", "    - {name: e, fields: [c.d], comps: [in], values: [['a, b']]}\n", "c.d in (a, b)"},
		{"single", "    - {name: e, fields: c.d, values: [a, b]}\n", "c.d in (a, b)"},
		{"single with operator", "    - {name: e, fields: c.d, comps: pmatch, values: [/a, l]}\n", `c.d pmatch (/a, x, "y z")`},
		{"single with modifier", "    - {name: e, fields: c.d, comps: startswith anyof, values: [/a, /b]}\n", "c.d startswith anyof (/a, /b)"},
		{"texts that need quotes", "    - {name: e, fields: c.d, values: [a b, 'c=d', '\"q\\\"r\"', 'e\"f', 'g(h)']}\n", `c.d in ("a b", "c=d", "q\"r", "e\"f", "g(h)")`},
		{"numbers and truth", "    - {name: e, fields: [c.d, c.e], values: [[1, true]]}\n", "c.d = 1 and c.e = true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, _ := loaded(t, withExceptions(tt.exceptions))
			got := syntax.Format(set.Rules[0].Condition)
			if tt.want == "" {
				assert.Equal(t, "a.b = 1 or a.b = 2", got)
				return
			}
			want := "(a.b = 1 or a.b = 2) and not " + tt.want
			if strings.Contains(tt.want, " and ") || strings.Contains(tt.want, " or ") {
				want = "(a.b = 1 or a.b = 2) and not (" + tt.want + ")"
			}
			assert.Equal(t, strings.ReplaceAll(want, `"`, ""), strings.ReplaceAll(got, `"`, ""))
		})
	}
}

func TestExceptionFindings(t *testing.T) { runFindings(t, exceptionFindings) }

var exceptionFindings = []findingTest{
	{"no list", []string{"- rule: R\n  desc: d\n  condition: a.b exists\n  exceptions: e\n"}, []string{
		`a.yaml:4:15 !YAML_VALIDATE: the value of "exceptions" must be a list, not a text; write it in brackets: [a, b]`,
	}},
	{"no mapping", exceptionOnly("e"), []string{
		"a.yaml:7:7 !YAML_VALIDATE: an exception must be a mapping, not a text; give it a name, fields and values",
	}},
	{"no name", exceptionOnly("{fields: [c.d]}"), []string{
		`a.yaml:7:7 !YAML_VALIDATE: the key "name" is missing; add it`,
	}},
	{"no fields", exceptionOnly("{name: e, values: [a]}"), []string{
		`a.yaml:7:7 !YAML_VALIDATE: the key "fields" is missing; add it`,
	}},
	{"empty fields", exceptionOnly("{name: e, fields: []}"), []string{
		"a.yaml:7:25 !YAML_VALIDATE: the exception has no fields",
	}},
	{"unknown key", exceptionOnly("{name: e, fields: fd.name, value: [a]}"), []string{
		`a.yaml:7:34 UNKNOWN_KEY: the key "value" is not known here and ignored; did you mean values?`,
	}},
	{"unknown fields without values", exceptionOnly("{name: e, fields: [proc.nam, proc.exe, len(x.y)]}"), []string{
		`a.yaml:7:26 !COMPILE_CONDITION: unknown field "proc.nam"; did you mean proc.name?`,
		`a.yaml:7:50 !COMPILE_CONDITION: unknown field "x.y"`,
	}},
	{"no fields without values", exceptionOnly("{name: e, fields: [a b, c.d exists or c.e], values: []}"), []string{
		"a.yaml:7:28 !COMPILE_CONDITION: *",
		`a.yaml:7:31 !COMPILE_CONDITION: "c.d exists or c.e" is no field`,
	}},
	{"unknown field without values, which may be", []string{withExceptions("    - {name: e, fields: x.y}\n") + "  skip-if-unknown-filter: true\n"}, []string{}},
	{"unknown field of another source", []string{plainRule + "- rule: S\n  desc: d\n  condition: ka.verb exists\n  source: k8s_audit\n  exceptions: [{name: e, fields: ka.verb}]\n"}, []string{
		`a.yaml:9:11 UNKNOWN_SOURCE: the rule is skipped: its source "k8s_audit" is not known here, which has only syscall`,
	}},
	{"same name", []string{withExceptions("    - {name: e, fields: c.d, values: [a]}\n    - {name: e, fields: c.e, values: [a]}\n")}, []string{
		`a.yaml:8:7 EXCEPTION_NAME_NOT_UNIQUE: the rule has several exceptions named "e"; give them different names`,
	}},
	{"lengths", exceptionOnly("{name: e, fields: [c.d, c.e], comps: [=]}"), []string{
		"a.yaml:7:44 !YAML_VALIDATE: fields and comps must have the same length, but there are 2 and 1",
	}},
	{"comps no list", exceptionOnly("{name: e, fields: [c.d, c.e], comps: in}"), []string{
		"a.yaml:7:44 !YAML_VALIDATE: fields and comps must have the same length, but there are 2 and 1",
	}},
	{"comps a list", exceptionOnly("{name: e, fields: c.d, comps: [in]}"), []string{
		"a.yaml:7:37 !YAML_VALIDATE: fields is a single text, so comps must be one too",
	}},
	{"no operator", exceptionOnly("{name: e, fields: [c.d, c.e], comps: [=, is]}"), []string{
		`a.yaml:7:48 !YAML_VALIDATE: "is" is no comparison operator`,
	}},
	{"scalar operator", exceptionOnly("{name: e, fields: c.d, comps: startswith}"), []string{
		`a.yaml:7:37 !YAML_VALIDATE: the operator "startswith" of an exception with a single field must take a list; use in, pmatch or intersects, or a modifier as in "= anyof"`,
	}},
	{"values no list", exceptionOnly("{name: e, fields: c.d, values: a}"), []string{
		`a.yaml:7:38 !YAML_VALIDATE: the value of "values" must be a list, not a text; write it in brackets: [a, b]`,
	}},
	{"row too short", exceptionOnly("{name: e, fields: [c.d, c.e], values: [[a, b], [a]]}"), []string{
		"a.yaml:7:54 !YAML_VALIDATE: each row of values must be a list of 2, one for each field",
	}},
	{"row no list", exceptionOnly("{name: e, fields: [c.d, c.e], values: [a]}"), []string{
		"a.yaml:7:46 !YAML_VALIDATE: each row of values must be a list of 2, one for each field",
	}},
	{"row in a single", exceptionOnly("{name: e, fields: c.d, values: [a, [b]]}"), []string{
		"a.yaml:7:42 !YAML_VALIDATE: a value of an exception must be a text, not a list",
	}},
	{"empty value", exceptionOnly("{name: e, fields: c.d, values: [a, '']}"), []string{
		"a.yaml:7:42 !YAML_VALIDATE: a value of an exception is empty",
	}},
	{"too deep", exceptionOnly("{name: e, fields: [c.d], comps: [in], values: [[[a, [b]]]]}"), []string{
		"a.yaml:7:59 !YAML_VALIDATE: a value of an exception must be a text, not a list",
	}},
	{"list for a scalar operator", exceptionOnly("{name: e, fields: [c.d], values: [[[a, b]]]}"), []string{
		"a.yaml:7:42 !COMPILE_CONDITION: *",
	}},
	{"field with an operator", exceptionOnly("{name: e, fields: [c.d exists or c.e], values: [[a]]}"), []string{
		`a.yaml:7:56 !YAML_VALIDATE: the exception "e" makes no comparison of this value; put it in quotes`,
	}},
	{"field that is none", exceptionOnly("{name: e, fields: ['c d'], values: [[a]]}"), []string{
		"a.yaml:7:29 !COMPILE_CONDITION: *",
	}},
	{"value that is more", exceptionOnly("{name: e, fields: c.d, values: ['\"a\") or c.e in (\"b\"']}"), []string{
		`a.yaml:7:39 !YAML_VALIDATE: the exception "e" makes no comparison of this value; put it in quotes`,
	}},
	{"undefined list", exceptionOnly("{name: e, fields: c.d, comps: in, values: [my_list]}"), []string{
		`a.yaml:7:50 SUSPICIOUS_LITERAL: "my_list" is no list and taken as a text; define the list, or put the text in quotes`,
	}},
	{"append fields", []string{base + "- rule: R\n  exceptions: [{name: e, fields: [c.d, c.e], comps: [=, =], values: [[a, b]]}]\n  override: {exceptions: append}\n"}, []string{
		"a.yaml:16:34 !YAML_VALIDATE: only values can be appended to an exception, not fields; leave the key out",
		"a.yaml:16:53 !YAML_VALIDATE: only values can be appended to an exception, not comps; leave the key out",
	}},
	{"append without values", []string{base + "- rule: R\n  exceptions: [{name: e}]\n  append: true\n"}, []string{
		`a.yaml:16:16 APPEND_NO_VALUES: the exception "e" is appended without values`,
		`a.yaml:17:11 DEPRECATED_ITEM: the key "append" is deprecated; write an entry under "override", like "condition: append"`,
	}},
	{"append a new one without values", []string{base + "- rule: R\n  exceptions: [{name: f, fields: c.d}]\n  override: {exceptions: append}\n"}, []string{
		`a.yaml:16:16 APPEND_NO_VALUES: the exception "f" is appended without values`,
		"a.yaml:16:16 !YAML_VALIDATE: a new exception must have values",
	}},
	{"append a new one without fields", []string{base + "- rule: R\n  exceptions: [{name: f, values: [a]}]\n  override: {exceptions: append}\n"}, []string{
		`a.yaml:16:16 !YAML_VALIDATE: the key "fields" is missing; add it`,
	}},
	{"append a short row", []string{base, "- rule: R\n  exceptions:\n    - name: e\n      values:\n        - [a, b]\n        - [a]\n  override: {exceptions: append}\n"}, []string{
		"b.yaml:6:11 !YAML_VALIDATE: each row of values must be a list of 2, one for each field",
	}},
	{"replace without fields", []string{base + "- rule: R\n  exceptions: [{name: e, values: [a]}]\n  override: {exceptions: replace}\n"}, []string{
		`a.yaml:16:16 !YAML_VALIDATE: the key "fields" is missing; add it`,
	}},
}

// exceptionOnly is a rule with one exception.
func exceptionOnly(e string) []string { return []string{withExceptions("    - " + e + "\n")} }
