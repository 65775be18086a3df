package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// large repeats items until they have so many bytes.
func large(size int, item func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(item(i))
	}
	return b.String()
}

type limitTest struct{ name, text, want string }

const aMegabyte = 1 << 20

// conditionLimits are files with more in conditions than can be loaded.
func conditionLimits() []limitTest {
	return []limitTest{
		{"one condition", ruleOf("a.b exists" + strings.Repeat(" or a.b exists", 2*aMegabyte/14)), "more than 100000 checks"},
		{"appends", plainRule + large(aMegabyte, func(int) string {
			return "- rule: R\n  condition: or a.b exists\n  desc: x\n  tags: [y]\n  override: {condition: append, desc: append, tags: append}\n"
		}), ""},
		{"nested", ruleOf(strings.Repeat("(", aMegabyte)), "nested deeper"},
		{"nots", ruleOf(strings.Repeat("not ", aMegabyte/4) + "a.b exists"), ""},
		{"macros of macros", "- macro: m0\n  condition: a.b exists\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d\n", i+1, i)
		}) + ruleOf("m5"), ""},
		{"macros of macros, backwards", large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d or sf.x exists\n", i, i+1)
		}) + ruleOf("m5"), "more than 5000 levels deep"},
		{"macros that double", "- macro: m0\n  condition: a.b exists\n" + doubling(40, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d or m%d\n", i+1, i, i)
		}) + ruleOf("m40"), "more than 100000 checks"},
		{"aliases of a long condition", "- macro: m\n  condition: &c a.b = \"" + strings.Repeat("a", aMegabyte/2) + "\"\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: *c\n", i)
		}) + plainRule, "too much text"},
		{"exceptions", plainRule + "  exceptions:\n    - name: e\n      fields: [a.b, c.d]\n      values:\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("        - [v%d, w]\n", i)
		}), ""},
		{"macros that double in many rules", doubledMacros(10, "m15"), `with the rule "R7" the conditions have more than 250000 checks`},
		{"macros that double in one rule", doubledMacros(1, "m15"+strings.Repeat(" or m15", aMegabyte/7)), "more than 100000 checks"},
	}
}

// listLimits are those with more in lists.
func listLimits() []limitTest {
	return []limitTest{
		{"one list", "- list: l\n  items: [" + strings.Repeat("ab, ", aMegabyte/4) + "c]\n" + ruleOf("a.b in (l, d)"), ""},
		{"lists that double", "- list: l0\n  items: [a]\n" + doubling(40, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l%d, l%d]\n", i+1, i, i)
		}) + ruleOf("a.b in (l40)"), "more than 1000000 values"},
		{"lists of lists", "- list: l0\n  items: [a]\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l%d]\n", i, i+1)
		})[len("- list: l0\n  items: [l1]\n"):] + ruleOf("a.b in (l1)"), "more than 5000 levels deep"},
		{"a long list in many conditions", "- list: l\n  items: [" + strings.Repeat("a, ", 100_000) + "b]\n" + large(aMegabyte, func(i int) string {
			return strings.Replace(ruleOf("a.b in (l, c)"), "R", fmt.Sprint("R", i), 1)
		}), "more than 4000000 values"},
		{"a long list in many lists", "- list: l\n  items: [" + strings.Repeat("a, ", 100_000) + "b]\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l, c]\n", i)
		}) + plainRule, "more than 4000000 values"},
		{"aliases of a long list", "- list: l\n  items: &l [" + strings.Repeat("a, ", 200_000) + "b]\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: *l\n", i)
		}) + plainRule, "too much text"},
		{"lists that all name each other", doubling(40, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [%s]\n", i, doubling(40, func(j int) string { return fmt.Sprintf("l%d, ", j) }))
		}) + plainRule, "more than 4000000 values"},
		{"a circle with many empty lists", "- list: e\n  items: []\n" + doubling(20, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [%s%s]\n", i, strings.Repeat("e, ", 20_000), doubling(20, func(j int) string { return fmt.Sprintf("l%d, ", j) }))
		}) + plainRule, "more than 4000000 values"},
		{"a name defined again and again", large(aMegabyte, func(int) string { return "- list: l\n  items: [a]\n" }) +
			ruleOf("sf.b in (l)"+strings.Repeat(" or sf.b in (l)", 10_000)), ""},
		{"names that are nearly lists", large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- list: abc_%d\n  items: [abd_%d]\n", i, i)
		}) + plainRule, ""},
	}
}

// fileLimits are those with more in general.
func fileLimits() []limitTest {
	return []limitTest{
		{"rules", large(MaxFileSize-1000, func(i int) string {
			return fmt.Sprintf("- rule: Rule %d\n  desc: number %d\n  condition: proc.name = a%d and not fd.name in (x, \"y z\", %d)\n  priority: low\n", i, i, i, i)
		}), ""},
		{"rules that are no YAML", " - list: l\n   items: []\n" + large(aMegabyte, func(i int) string {
			return fmt.Sprintf("- rule: Rule: %d\n  desc: number %d\n  condition: sf.proc.name = a%d\n", i, i, i)
		}), ""},
		{"errors", large(aMegabyte, func(i int) string { return fmt.Sprintf("- rule: %d\n  condition: a.b = (\n", i) }), "is missing"},
		{"nested YAML", strings.Repeat("[", aMegabyte), "exceeded max depth"},
		{"aliases of aliases", "- &a [x]\n" + doubling(60, func(i int) string {
			return fmt.Sprintf("- &%c%d [*%s, *%s]\n", 'b', i, previous(i), previous(i))
		}) + plainRule, "an item must be a mapping"},
		{"an alias of itself", "- list: l\n  items: &l [*l, a]\n" + plainRule, "must be a text, not a list"},
		{"too large", strings.Repeat("#", MaxFileSize+1), "at most 8 MiB"},
	}
}

// What is too much is left out of the conditions, so that nobody writes it out to look for
// further mistakes.
func TestTooMuchIsLeftOut(t *testing.T) {
	set, found := Load(files(doubledMacros(10, "m15")))
	require.Len(t, found, 1, "reported once")
	left := 0
	for _, r := range set.Rules {
		if r.Condition != nil {
			left++
		}
	}
	assert.Equal(t, 7, left)
	set, _ = Load(files(doubledMacros(1, "m15 or m15 or m15 or m15")))
	assert.Nil(t, set.Rules[0].Condition)
}

// Nothing that a file of the largest aMegabyte can hold may take long or much memory.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("files of many megabytes")
	}
	for _, tt := range slices.Concat(conditionLimits(), listLimits(), fileLimits()) {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			set, found := Load(files(tt.text))
			t.Logf("%d bytes in %v, %d findings", len(tt.text), time.Since(start), len(found))
			if tt.want == "" {
				require.NoError(t, first(found))
				assert.NotNil(t, set)
				return
			}
			require.Error(t, first(found))
			assert.Contains(t, first(found).Error(), tt.want)
		})
	}
}

func first(list diag.List) error {
	for _, d := range list {
		if d.Severity == diag.Error {
			return d
		}
	}
	return nil
}

func doubling(n int, item func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(item(i))
	}
	return b.String()
}

// doubledMacros are macros m0, m1, ... with 2 to the power of n checks, and rules R0, R1, ...
func doubledMacros(rules int, condition string) string {
	return "- macro: m0\n  condition: a.b exists\n" + doubling(15, func(i int) string {
		return fmt.Sprintf("- macro: m%d\n  condition: m%d or m%d\n", i+1, i, i)
	}) + doubling(rules, func(i int) string {
		return strings.Replace(ruleOf(condition), "R", fmt.Sprint("R", i), 1)
	})
}

func previous(i int) string {
	if i == 0 {
		return "a"
	}
	return fmt.Sprintf("b%d", i-1)
}

// Every item of such lists is a test of its own.
func TestListsOfTestsAreLimited(t *testing.T) {
	items := strings.TrimSuffix(strings.Repeat("abc, ", 3000), ", ")
	for _, condition := range []string{"fd.name contains oneof (l)", "fd.name glob anyof (l)", "sf.proc.name != l"} {
		var b strings.Builder
		b.WriteString("- list: l\n  items: [" + items + "]\n")
		for i := range 100 {
			fmt.Fprintf(&b, "- rule: R%d\n  desc: d\n  condition: %s\n", i, condition)
		}
		_, found := Load(files(b.String()))
		require.Error(t, first(found), condition)
		assert.Contains(t, first(found).Error(), "000 checks")
	}
}
