package rules

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Whatever a file holds, it is loaded or refused with a reason, and what is loaded is sound.
func FuzzLoad(f *testing.F) {
	f.Add(plainRule, "")
	f.Add(base, "- rule: R\n  condition: and (m or a.b in (l))\n  exceptions: [{name: e, values: [[p, q]]}]\n  override: {condition: append, exceptions: append}\n")
	f.Add(withExceptions("    - {name: e, fields: [c.d, c.e], comps: [in, =], values: [[\"(a, l)\", 'x y']]}\n"), "- list: l\n  items: [z]\n  append: true\n")
	f.Add(" - rule: A: B\n   desc: it's: d\n   condition: >\n     sf.x = \"a: b\" or m\n- macro: m\n  condition: sf.opflags = l\n", "- list: l\n  items: ['\"(x)\"', l2]\n- list: l2\n  items: [l]\n")
	f.Add("- sequence: S\n  desc: d\n  by: fd.sip\n  within: 1s\n  steps:\n    - condition: a.b exists\n    - condition: &c not a.c exists\n", "- drop: D\n  condition: *c\n")
	f.Add("- required_engine_version: 0.57.0\n- required_plugin_versions: [{name: a, version: 0.1.0}]\n", "- &a {rule: *a}\n- *a\n")
	f.Add("- rule: \"a\\\n    b\"\n  desc: |2-\n    x\n  condition: 'a.b = ''c''\n\n    or x'\r\n", "\xef\xbb\xbf--- [a]\n--- {}\n")
	f.Add("\r\"", "- list: l\u2028  items: [\u0085")
	f.Fuzz(func(t *testing.T, a, b string) {
		texts := files(a, b)
		set, found := Load(texts)
		require.NotNil(t, set)
		for _, d := range found {
			assert.NotEmpty(t, d.Message)
			i := strings.Index("a.yamlb.yaml", d.Pos.File)
			require.GreaterOrEqual(t, i, 0)
			if d.Pos.Line > 0 {
				assert.LessOrEqual(t, d.Pos.Line, 1+bytes.Count(texts[i/6].Text, []byte("\n")))
			}
		}
		if found.HasErrors() {
			return
		}
		for _, r := range set.Rules {
			checks(t, r.Condition, func(c *syntax.Check) { assert.NotNil(t, c.Left) })
			_, problem := syntax.ParseCondition(syntax.Format(r.Condition), nil)
			assert.Nil(t, problem)
		}
	})
}

func FuzzRepair(f *testing.F) {
	f.Add(" - rule: A: B\n   desc: \"x\" y\n     z: 'u'\n   condition: >\n     a\n  - list: x\n    items: [\n a\n]\n")
	f.Add("- rule: A\n\tdesc: a\nb).\n\t\tcondition: x\n  \t\t\tand y\n\ttags: [\na\n]\n")
	f.Fuzz(func(t *testing.T, text string) {
		mended, edits, ok := repair([]byte(text))
		if !ok {
			return
		}
		before, after := strings.Split(text, "\n"), strings.Split(string(mended), "\n")
		require.Len(t, after, len(before))
		for i, e := range edits {
			// What was not put in stands where it was.
			for column := max(2, -e.cut); column < len(after[i])-1; column++ {
				if slices.Contains(e.inserted, column) {
					continue
				}
				at := e.original(column)
				require.Less(t, at, len(before[i]))
				if e.tabs && before[i][at] == '\t' && after[i][column] == ' ' {
					continue
				}
				require.Equal(t, before[i][at], after[i][column], "%q %q %v", before[i], after[i], e)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"falco_rules.yaml", "sysflow_ttps.yaml"} {
		b.Run(name, func(b *testing.B) {
			f := []File{sharedFile(b, name)}
			b.ReportAllocs()
			b.SetBytes(int64(len(f[0].Text)))
			for b.Loop() {
				if _, found := Load(f); found.HasErrors() {
					b.Fatal("not loaded")
				}
			}
		})
	}
}
