package rules

import (
	"fmt"
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

// Nothing that a file of the largest size can hold may take long or much memory.
func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("files of many megabytes")
	}
	const whole, size = 10 << 20, 1 << 20
	rule := func(condition string) string { return "- rule: R\n  desc: d\n  condition: " + condition + "\n" }
	tests := []struct{ name, text, want string }{
		{"rules", large(whole, func(i int) string {
			return fmt.Sprintf("- rule: Rule %d\n  desc: number %d\n  condition: proc.name = a%d and not fd.name in (x, \"y z\", %d)\n  priority: low\n", i, i, i, i)
		}), ""},
		{"rules that are no YAML", " - list: l\n   items: []\n" + large(size, func(i int) string {
			return fmt.Sprintf("- rule: Rule: %d\n  desc: number %d\n  condition: proc.name = a%d\n", i, i, i)
		}), ""},
		{"errors", large(size, func(i int) string { return fmt.Sprintf("- rule: %d\n  condition: a.b = (\n", i) }), "is missing"},
		{"one condition", rule("a.b exists" + strings.Repeat(" or a.b exists", 2*size/14)), "more than 100000 checks"},
		{"one list", "- list: l\n  items: [" + strings.Repeat("ab, ", size/4) + "c]\n" + rule("a.b in (l, d)"), ""},
		{"appends", plainRule + large(size, func(int) string {
			return "- rule: R\n  condition: or a.b exists\n  desc: x\n  tags: [y]\n  override: {condition: append, desc: append, tags: append}\n"
		}), ""},
		{"nested", rule(strings.Repeat("(", size)), "nested deeper"},
		{"nested YAML", strings.Repeat("[", size), "exceeded max depth"},
		{"nots", rule(strings.Repeat("not ", size/4) + "a.b exists"), ""},
		{"macros of macros", "- macro: m0\n  condition: a.b exists\n" + large(size, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d\n", i+1, i)
		}) + rule("m5"), ""},
		{"macros of macros, backwards", large(size, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d or sf.x exists\n", i, i+1)
		}) + rule("m5"), "more than 5000 levels deep"},
		{"macros that double", "- macro: m0\n  condition: a.b exists\n" + doubling(40, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: m%d or m%d\n", i+1, i, i)
		}) + rule("m40"), "more than 100000 checks"},
		{"lists that double", "- list: l0\n  items: [a]\n" + doubling(40, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l%d, l%d]\n", i+1, i, i)
		}) + rule("a.b in (l40)"), "more than 1000000 values"},
		{"lists of lists", "- list: l0\n  items: [a]\n" + large(size, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l%d]\n", i, i+1)
		})[len("- list: l0\n  items: [l1]\n"):] + rule("a.b in (l1)"), "more than 5000 levels deep"},
		{"a long list in many conditions", "- list: l\n  items: [" + strings.Repeat("a, ", 100_000) + "b]\n" + large(size, func(i int) string {
			return strings.Replace(rule("a.b in (l, c)"), "R", fmt.Sprint("R", i), 1)
		}), "more than 4000000 values"},
		{"a long list in many lists", "- list: l\n  items: [" + strings.Repeat("a, ", 100_000) + "b]\n" + large(size, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: [l, c]\n", i)
		}) + plainRule, "more than 4000000 values"},
		{"aliases of a long list", "- list: l\n  items: &l [" + strings.Repeat("a, ", 200_000) + "b]\n" + large(size, func(i int) string {
			return fmt.Sprintf("- list: l%d\n  items: *l\n", i)
		}) + plainRule, "too much text"},
		{"aliases of a long condition", "- macro: m\n  condition: &c a.b = \"" + strings.Repeat("a", size/2) + "\"\n" + large(size, func(i int) string {
			return fmt.Sprintf("- macro: m%d\n  condition: *c\n", i)
		}) + plainRule, "too much text"},
		{"aliases of aliases", "- &a [x]\n" + doubling(60, func(i int) string {
			return fmt.Sprintf("- &%c%d [*%s, *%s]\n", 'b', i, previous(i), previous(i))
		}) + plainRule, "an item must be a mapping"},
		{"an alias of itself", "- list: l\n  items: &l [*l, a]\n" + plainRule, "must be a text, not a list"},
		{"names that are nearly lists", large(size, func(i int) string {
			return fmt.Sprintf("- list: abc_%d\n  items: [abd_%d]\n", i, i)
		}) + plainRule, ""},
		{"exceptions", plainRule + "  exceptions:\n    - name: e\n      fields: [a.b, c.d]\n      values:\n" + large(size, func(i int) string {
			return fmt.Sprintf("        - [v%d, w]\n", i)
		}), ""},
		{"too large", strings.Repeat("#", MaxFileSize+1), "at most 16 MiB"},
	}
	for _, tt := range tests {
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

func previous(i int) string {
	if i == 0 {
		return "a"
	}
	return fmt.Sprintf("b%d", i-1)
}
