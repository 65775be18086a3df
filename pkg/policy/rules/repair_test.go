package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

func placedAt(got *[]string) func(*syntax.Check) {
	return func(c *syntax.Check) {
		*got = append(*got, lineColumn(c.Left.Pos()), lineColumn(c.OpAt))
		for _, o := range c.Right {
			*got = append(*got, lineColumn(o.Pos()))
		}
	}
}

func lineColumn(p diag.Position) string {
	p.File = ""
	return strings.TrimPrefix(p.String(), ":")
}

// inOwnGrammar is an item that no other grammar has than that of SysFlow's policies.
const inOwnGrammar = "- drop: nothing\n  condition: sf.type = PE\n"

func TestRepair(t *testing.T) {
	const rest = "- rule: Z\n  desc: d\n  condition: a.b exists\n"
	tests := []struct {
		name, text           string
		rule, desc, position string
	}{
		{"items indented differently", rest + " - rule: R\n  desc: d\n  condition: x.y = z\n", "R", "d", "6:14 6:18 6:20"},
		{"keys too", rest + " - rule: R\n   desc: d\n   condition: x.y = z\n", "R", "d", "6:15 6:19 6:21"},
		{"far to the right", rest + "      -   rule: R\n        desc: d\n        condition:   x.y\n          = z\n", "R", "d", "6:22 7:11 7:13"},
		{"keys to the left", "    - rule: R\n     desc: d\n     condition: x.y =\n       z\n" + rest, "R", "d", "3:17 3:21 4:8"},
		{"a key to the right", "- rule: R\n  desc: d\n   condition: x.y = z\n   priority: low\n", "R", "d", "3:15 3:19 3:21"},
		{"a key behind a condition", "- rule: R\n  desc: d\n  condition: x.y = z\n      priority: low\n", "R", "d", "3:14 3:18 3:20"},
		{"keys within a block", "- rule: R: S\n  desc: |-\n    priority: b\n     c\n  condition: x.y = z\n", "R: S", "priority: b\n c", "5:14 5:18 5:20"},
		{"colon in the name", "- rule: R: S\n  desc: d\n  condition: x.y = z\n", "R: S", "d", "3:14 3:18 3:20"},
		{"colon at the end", "- rule: R:\n  desc: d\n  condition: x.y = z\n", "R:", "d", "3:14 3:18 3:20"},
		{"colon and quotes in the condition", "- rule: R\n  desc: it's: d\n  condition: p.q = 'a: b' and x.y = z\n", "R", "it's: d", "3:14 3:18 3:20 3:31 3:35 3:37"},
		{"colon in a later line", "- rule: R\n  desc: one\n    two: three\n    it's four\n\n  condition: x.y = z\n", "R", "one two: three it's four", "6:14 6:18 6:20"},
		{"name in brackets", "- rule: [A] R\n  desc: d\n  condition: x.y = z\n", "[A] R", "d", "3:14 3:18 3:20"},
		{"quotes in part of a text", "- rule: \"A\" R\n  desc: 'd' d\n  condition: x.y = z\n", `"A" R`, "'d' d", "3:14 3:18 3:20"},
		{"at sign", "- rule: R\n  desc: @d\n  condition: x.y = z\n", "R", "@d", "3:14 3:18 3:20"},
		{"line ends of Windows", "- rule: R: S\r\n  desc: d\r\n  condition: x.y\r\n    = z\r\n", "R: S", "d", "3:14 4:5 4:7"},
		{"tabs in front", rest + "\t- rule: R\n\t  desc: d\n\t  condition: x.y\n\t\t\t= z\n", "R", "d", "6:15 7:4 7:6"},
		{"tabs within a text", "- rule: R\n  desc: d\n  condition: x.y\n  \t\t\t= z\n  \t or a.b = 'c: d'\n", "R", "d", "3:14 4:6 4:8 5:8 5:12 5:14"},
		{"tabs or blanks for keys", "- rule: R\n\tdesc: d\n        condition: x.y = z\n- rule: Q\n        desc: d\n\tcondition: x.y = z\n", "Q", "d", "6:13 6:17 6:19"},
		{"text at the start of the line", "- rule: R\n  desc: one (two\nthree).\n\n# c\n  condition: x.y\n= z\n", "R", "one (two three).", "6:14 7:1 7:3"},
		{"all at the start of the line", "- rule: R\n  and S\ndesc: one\ntwo\ncondition: x.y\n  = z\n", "R and S", "one two", "5:12 6:3 6:5"},
		{"brackets at the start of the line", "- rule: R\n  desc: d\n  tags: [\nt\n]\n  condition: x.y in (\n  z\n)\n", "R", "d", "6:14 6:18 7:3"},
		{"all together", rest + " - rule: R: it's\n   desc: d\n\n# c\n   condition: x.y = 'a: b'\n     or x.y = z\n", "R: it's", "d", "8:15 8:19 8:21 9:9 9:13 9:15"},
		{"blocks are left alone", "- rule: R: S\n  desc: |-\n    a: b\n     c\n  condition: x.y = z\n", "R: S", "a: b\n c", "5:14 5:18 5:20"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decode([]byte(tt.text + inOwnGrammar))
			require.Error(t, err, "this must not be YAML")
			set, found := loaded(t, tt.text+inOwnGrammar)
			assert.Equal(t, 1, countCode(found, diag.WarnNotYAML))
			i := slices.IndexFunc(set.Rules, func(r *Rule) bool { return r.Name == tt.rule })
			require.GreaterOrEqual(t, i, 0, "no rule %q", tt.rule)
			assert.Equal(t, tt.desc, set.Rules[i].Desc)
			var got []string
			checks(t, set.Rules[i].Condition, placedAt(&got))
			assert.Equal(t, tt.position, strings.Join(got, " "))
		})
	}
}

func TestRepairIsReported(t *testing.T) {
	runFindings(t, []findingTest{
		{"once for a file", []string{plainRule, "- rule: A: B\n  desc: d\n  condition: a.b exists\n - rule: C: D\n   desc: d\n   condition: sf.b exists\n"}, []string{
			"b.yaml:1:10 NOT_YAML: the file is not YAML and was read as sf-processor reads it; the YAML parser says: mapping values are not allowed in this context",
		}},
		{"not if it is YAML", []string{plainRule + "- rule: 'A: B'\n  desc: d\n  condition: a.b exists\n"}, []string{}},
	})
}

func TestRepairGivesUp(t *testing.T) {
	runFindings(t, []findingTest{
		{"the error is that of the file", []string{plainRule + " - rule: A: B\n   desc: \"x\n"}, []string{
			"a.yaml:6:2 !YAML_PARSE: the file is no YAML: did not find expected '-' indicator",
		}},
		{"nothing to mend", []string{"@\n"}, []string{
			"a.yaml:1:1 !YAML_PARSE: the file is no YAML: found character that cannot start any token",
		}},
		{"a misspelt key", []string{plainRule + "- rule: S\n    desc: d\n condtion: a.b exists\n"}, []string{
			"a.yaml:7:9 !YAML_PARSE: *",
		}},
		{"a colon in an item", []string{plainRule + "  tags: [a]: b\n"}, []string{
			"a.yaml:6:12 !YAML_PARSE: the file is no YAML: mapping values are not allowed in this context; put a text with a colon in quotes, and indent all keys of an item alike",
		}},
		{"a bracket that is not closed", []string{inOwnGrammar + "- rule: R\n  desc: [\n  condition: sf.type = PE\n"}, []string{
			"a.yaml:5:3 !YAML_PARSE: the file is no YAML: did not find expected ',' or ']'",
		}},
	})
}

// Bad YAML in a file of another grammar than sf-processor's is a mistake, even if it could be mended.
func TestRepairIsForSysFlowsGrammar(t *testing.T) {
	const bad = "- rule: R\n  desc: a: b\n  condition: x.y = z\n"
	const refused = "a.yaml:2:10 !YAML_PARSE: the file is no YAML: mapping values are not allowed in this context; put a text with a colon in quotes, and indent all keys of an item alike"
	sysflow := strings.Replace(bad, "x.y", "sf.y", 1)
	runFindings(t, []findingTest{
		{"Falco's fields alone", []string{bad}, []string{refused}},
		{"output and priority of Falco", []string{bad + "  output: c: d\n  priority: INFO\n"}, []string{refused}},
		{"exceptions", []string{sysflow + "  exceptions: [{name: e, fields: [a.b]}]\n"}, []string{refused}},
		{"an override", []string{sysflow + "- list: l\n  items: [a]\n  override: {items: append}\n"}, []string{refused}},
		{"a sequence", []string{sysflow + "- sequence: s\n  desc: d\n  within: 1s\n  steps: [{condition: sf.a = b}]\n"}, []string{refused}},
		{"a misspelt key", []string{sysflow + "  priorty: low\n"}, []string{refused}},
		{"SysFlow's", []string{sysflow + "  output: c: d\n  priority: low\n"}, []string{
			"a.yaml:2:10 NOT_YAML: *",
		}},
	})
}
