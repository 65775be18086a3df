package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// What a name means in rules that are named after their file.
func TestScope(t *testing.T) {
	falco := func(more string) string { return "- rule: F\n  desc: d\n  condition: m and a.b in (l)\n" + more }
	flow := func(more string) string { return "- rule: S\n  desc: d\n  condition: m and sf.b in (l)\n" + more }
	names := func(field, value string) string {
		return "- macro: m\n  condition: " + field + " = " + value + "\n- list: l\n  items: [" + value + "]\n"
	}
	tests := []struct {
		name  string
		texts []string
		want  map[string]string
		warns int
	}{
		{"before the definition", []string{flow(names("sf.a", "1"))}, map[string]string{"S": "sf.a = 1 and sf.b in (1)"}, 0},
		{"in a later file", []string{flow(""), names("sf.a", "1")}, map[string]string{"S": "sf.a = 1 and sf.b in (1)"}, 0},
		{"of the own file first", []string{flow(names("sf.a", "1")), names("sf.a", "2")}, map[string]string{"S": "sf.a = 1 and sf.b in (1)"}, 0},
		{"then of the last file before", []string{names("sf.a", "1"), names("sf.a", "2"), flow(""), names("sf.a", "3")}, map[string]string{"S": "sf.a = 2 and sf.b in (2)"}, 0},
		{"Falco's last definition", []string{falco(names("a.a", "1")), names("a.a", "2")}, map[string]string{"F": "a.a = 2 and a.b in (2)"}, 2},
		{"each language its own", []string{falco(names("a.a", "1")), flow(names("sf.a", "2"))}, map[string]string{"F": "a.a = 1 and a.b in (1)", "S": "sf.a = 2 and sf.b in (2)"}, 0},
		{"in any order", []string{flow(names("sf.a", "2")), falco(names("a.a", "1"))}, map[string]string{"F": "a.a = 1 and a.b in (1)", "S": "sf.a = 2 and sf.b in (2)"}, 0},
		{"Falco's names for SysFlow", []string{flow(""), names("a.a", "1")}, map[string]string{"S": "a.a = 1 and sf.b in (1)"}, 0},
		{"SysFlow's names for Falco", []string{names("sf.a", "1"), falco("")}, map[string]string{"F": "sf.a = 1 and a.b in (1)"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, found := loaded(t, tt.texts...)
			got := map[string]string{}
			for _, r := range set.Rules {
				got[r.Name] = unquoted(r.Condition)
			}
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.warns, countCode(found, diag.WarnRedefinition))
		})
	}
}

// A file in SysFlow's style may define a name more than once: what follows sees the nearest
// before it, what comes first the last.
func TestNamesDefinedTwice(t *testing.T) {
	names := func(v string) string {
		return "- macro: m\n  condition: a.b = " + v + " or n\n- macro: n\n  condition: sf.c = " + v + "\n- list: l\n  items: [" + v + "]\n"
	}
	rule := func(name string) string { return "- rule: " + name + "\n  desc: d\n  condition: m and sf.b in (l)\n" }
	appended := "- list: l\n  items: [4]\n  override: {items: append}\n"
	set, found := loaded(t, rule("A")+names("1")+rule("B")+names("2")+rule("C")+names("3")+appended, rule("D"))
	assert.Equal(t, 6, countCode(found, diag.WarnRedefinition))
	got := []string{}
	for _, r := range set.Rules {
		got = append(got, r.Name+": "+unquoted(r.Condition))
	}
	assert.Equal(t, []string{
		"A: (a.b = 3 or sf.c = 2) and sf.b in (3, 4)",
		"B: (a.b = 1 or sf.c = 3) and sf.b in (1)",
		"C: (a.b = 2 or sf.c = 1) and sf.b in (2)",
		"D: (a.b = 3 or sf.c = 2) and sf.b in (3, 4)",
	}, got)
	assert.Equal(t, "a.b = 3 or n", set.Macros["m"].ConditionText)
}

func TestLastDefinitionOfFalco(t *testing.T) {
	names := func(v string) string {
		return "- macro: m\n  condition: a.b = " + v + "\n- list: l\n  items: [" + v + "]\n"
	}
	set, found := loaded(t, names("1")+ruleOf("m and a.b in (l)")+names("2"))
	assert.Equal(t, 2, countCode(found, diag.WarnRedefinition))
	assert.Equal(t, "a.b = 2 and a.b in (2)", unquoted(set.Rules[0].Condition))
	assert.Len(t, set.Lists["l"].Items, 1)
}

func TestNamesOfListsThatAreTexts(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"own name", "- list: cat\n  items: [cat, dog]\n- list: all\n  items: [cat, x]\n" + ruleOf("a.b in (all)"), "a.b in (cat, dog, x)"},
		{"own name in SysFlow's style", "- list: cat\n  items: [cat, dog]\n" + ruleOf("sf.b in (cat)"), "sf.b in (cat, dog)"},
		{"first of a circle", "- list: a\n  items: [x, b]\n- list: b\n  items: [a, y, c]\n- list: c\n  items: [z]\n" + ruleOf("a.b in (a)"), "a.b in (x, a, y, z)"},
		{"last of a circle", "- list: a\n  items: [x, b]\n- list: b\n  items: [a, y, c]\n- list: c\n  items: [z]\n" + ruleOf("a.b in (b)"), "a.b in (x, a, y, z, y, z)"},
		{"beside a circle", "- list: d\n  items: [b, c]\n- list: a\n  items: [b]\n- list: b\n  items: [a, c]\n- list: c\n  items: [z]\n" + ruleOf("a.b in (d)"), "a.b in (b, z, z)"},
		{"a value without parentheses", "- list: all\n  items: [x]\n" + ruleOf("a.b in cat"), "a.b in (cat)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, found := loaded(t, tt.text)
			assert.Equal(t, tt.want, unquoted(set.Rules[0].Condition))
			assert.LessOrEqual(t, countCode(found, diag.WarnSuspiciousLiteral), 1, "told once for a circle")
		})
	}
}

func TestLists(t *testing.T) {
	lists := "- list: one\n  items: [a]\n- list: two\n  items: [b, 'c d']\n- list: none\n  items: []\n- list: all\n  items: [one, two, none, e]\n" +
		"- list: quoted\n  items: ['\"(systemd)\"', '\"sh -c \\\"x\\\"\"', '\"one\"', \"it's\", 'a)b', '']\n"
	tests := []struct{ condition, want string }{
		{"a.b in (one)", `a.b in ("a")`},
		{"a.b in one", `a.b in ("a")`},
		{"a.b in (all)", `a.b in ("a", "b", "c d", "e")`},
		{"a.b in (x, two, one, y)", `a.b in (x, "b", "c d", "a", y)`},
		{"a.b in (none)", "a.b in ()"},
		{"a.b in (x, none)", "a.b in (x)"},
		{"a.b pmatch (two) or a.b intersects two", `a.b pmatch ("b", "c d") or a.b intersects ("b", "c d")`},
		{"a.b in (\"one\", 'two')", `a.b in ("one", "two")`},
		{"a.b = one", `a.b = "a"`},
		{"a.b startswith one", `a.b startswith "a"`},
		{"a.b = \"two\"", `a.b = "two"`},
		{"a.b = anyof (two)", `a.b = anyof ("b", "c d")`},
		{"a.b in (quoted)", `a.b in ("(systemd)", "sh -c \"x\"", "one", "it's", "a)b", "")`},
		{"sf.b = two", `sf.b = ["b", "c d"]`},
		{"sf.b = none", "sf.b = []"},
		{"sf.b contains one", `sf.b contains ["a"]`},
		{"sf.b != [one, x]", `sf.b != ["a", x]`},
		{"sf.b = sf.c", "sf.b = sf.c"},
		{"tolower(a.b) in (two)", `tolower(a.b) in ("b", "c d")`},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			set, _ := loaded(t, lists+"- rule: R\n  desc: d\n  condition: "+tt.condition+"\n")
			assert.Equal(t, unquotedText(tt.want), unquoted(set.Rules[0].Condition))
		})
	}
}

func TestMacrosAreShared(t *testing.T) {
	set, _ := loaded(t, "- macro: m\n  condition: a.b = 1\n- rule: R\n  desc: d\n  condition: m\n- rule: S\n  desc: d\n  condition: m\n")
	assert.Same(t, set.Rules[0].Condition, set.Rules[1].Condition)
	assert.Equal(t, "a.b = 1", set.Macros["m"].ConditionText)
	assert.Same(t, set.Macros["m"].Condition, set.Rules[0].Condition)
}

func TestUnused(t *testing.T) {
	_, found := loaded(t, "- list: a\n  items: [x]\n- list: b\n  items: [a]\n- list: c\n  items: [x]\n"+
		"- macro: m\n  condition: a.b = c\n- macro: n\n  condition: m\n- rule: R\n  desc: d\n  condition: a.b in (b)\n")
	got := []string{}
	for _, d := range found {
		got = append(got, d.Error())
	}
	assert.Equal(t, []string{
		`a.yaml:9:3: warning: no rule or macro uses the macro "n" [LOAD_UNUSED_MACRO]`,
	}, got, "c is used by m, even if that is not")
}

// Checks against the same list share it, for the binder to know it again.
func TestListsAreShared(t *testing.T) {
	const list = "- list: l\n  items: [a, b]\n- macro: m\n  condition: a.b in (l)\n"
	set, _ := loaded(t, list+ruleOf("m or c.d in (l) or c.d pmatch l or sf.x = l or not e.f in (l)"), "- rule: S\n  desc: d\n  condition: a.b in (l)\n")
	var all [][]syntax.Operand
	for _, r := range set.Rules {
		checks(t, r.Condition, func(c *syntax.Check) { all = append(all, c.Right) })
	}
	require.Len(t, all, 6)
	for _, right := range all {
		assert.Same(t, &all[0][0], &right[0])
		assert.Len(t, right, 2)
	}
	set, _ = loaded(t, list+ruleOf("m or c.d in (l, x)"))
	all = nil
	checks(t, set.Rules[0].Condition, func(c *syntax.Check) { all = append(all, c.Right) })
	require.Len(t, all[1], 3)
	assert.NotSame(t, &all[0][0], &all[1][0], "another list")
}
