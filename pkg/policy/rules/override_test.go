package rules

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

const base = `- macro: m
  condition: a.b = 1
- list: l
  items: [x, y]
- rule: R
  desc: first
  condition: a.b exists
  output: one
  priority: notice
  tags: [t]
  exceptions:
    - name: e
      fields: [c.d, c.e]
      values: [[v, w]]
`

func TestOverrideFindings(t *testing.T) { runFindings(t, overrideFindings) }

var overrideFindings = []findingTest{
	{"append to a list", changed("- list: l\n  items: [z]\n  append: true\n"), []string{
		`b.yaml:3:11 DEPRECATED_ITEM: the key "append" is deprecated; write an entry under "override", like "condition: append"`,
	}},
	{"override and append", changed("- list: l\n  items: [z]\n  append: true\n  override: {items: append}\n"), []string{
		`b.yaml:3:11 DEPRECATED_ITEM: the key "append" is deprecated; write an entry under "override", like "condition: append"`,
		`b.yaml:4:13 !YAML_VALIDATE: "override" and "append: true" cannot be used together; add an entry like "condition: append" under "override" instead`,
	}},
	{"append to no list", changed("- list: k\n  items: [z]\n  override: {items: append}\n"), []string{
		`b.yaml:1:3 !VALIDATE: there is no list "k" before that this could change; define it before, in this file or in an earlier one`,
	}},
	{"append to no macro", changed("- macro: mm\n  condition: or m\n  override: {condition: append}\n"), []string{
		`b.yaml:1:3 !VALIDATE: there is no macro "mm" before that this could change; did you mean m?`,
	}},
	{"append to no rule", changed("- rule: RR\n  condition: or m\n  append: true\n"), []string{
		`b.yaml:1:3 !VALIDATE: there is no rule "RR" before that this could change; did you mean R?`,
		`b.yaml:3:11 DEPRECATED_ITEM: the key "append" is deprecated; write an entry under "override", like "condition: append"`,
	}},
	{"append before the definition", []string{"- rule: R\n  condition: or m\n  override: {condition: append}\n", base}, []string{
		`a.yaml:1:3 !VALIDATE: there is no rule "R" before that this could change; define it before, in this file or in an earlier one`,
	}},
	{"replace nothing in a rule", changed("- rule: Q\n  desc: z\n  override: {desc: replace}\n"), []string{
		`b.yaml:1:3 !VALIDATE: there is no rule "Q" before that this could change; define it before, in this file or in an earlier one`,
	}},
	{"append nothing", changed("- rule: R\n  append: true\n"), []string{
		"b.yaml:1:3 !YAML_VALIDATE: an appended rule must have a condition or exceptions",
		`b.yaml:2:11 DEPRECATED_ITEM: the key "append" is deprecated; write an entry under "override", like "condition: append"`,
	}},
	{"wrong keys", changed("- rule: R\n  priority: low\n  source: x\n  override: {priority: append, source: replace, desc: remove, enabled: remove}\n"), []string{
		`b.yaml:4:14 !YAML_VALIDATE: the key "priority" cannot be appended to; use replace`,
		`b.yaml:4:32 !YAML_VALIDATE: the key "source" cannot be overridden; the keys are condition, output, desc, priority, capture, capture_duration, tags, exceptions, enabled, warn_evttypes, skip-if-unknown-filter`,
		`b.yaml:4:55 !YAML_VALIDATE: "remove" is no way to override the key "desc"; write append or replace`,
		`b.yaml:4:72 !YAML_VALIDATE: "remove" is no way to override the key "enabled"; write replace`,
	}},
	{"no mapping", changed("- rule: R\n  desc: x\n  condition: m\n  override: append\n"), []string{
		`b.yaml:4:13 !YAML_VALIDATE: the value of "override" must be a mapping, not a text; write it like {condition: append}`,
	}},
	{"unexpected key", changed("- rule: R\n  desc: z\n  output: y\n  foo: bar\n  override: {desc: append}\n"), []string{
		`b.yaml:3:11 !YAML_VALIDATE: unexpected key "output": there is no entry for it under "override"; add "output: replace" under "override"`,
		`b.yaml:4:3 UNKNOWN_KEY: the key "foo" is not known here and ignored`,
	}},
	{"missing key", changed("- rule: R\n  desc: z\n  override: {desc: append, condition: replace}\n"), []string{
		`b.yaml:3:28 !YAML_VALIDATE: "condition" is to be overridden (replace), but the item does not have it`,
	}},
	{"the same key twice", changed("- rule: R\n  desc: z\n  override: {desc: append, desc: replace}\n"), []string{
		`b.yaml:3:28 !YAML_VALIDATE: the key "desc" is given twice; leave one of them out`,
	}},
	{"bad value", changed("- rule: R\n  priority: urgent\n  enabled: perhaps\n  override: {priority: replace, enabled: replace}\n"), []string{
		`b.yaml:2:13 !YAML_VALIDATE: there is no priority "urgent"; use emergency, alert, critical, error, warning, notice, info, debug, or high, medium, low`,
		`b.yaml:3:12 !YAML_VALIDATE: the value of "enabled" must be true or false, not "perhaps"; write true or false`,
	}},
	{"error in the appended part", changed("- rule: R\n  condition: and (c.d = 1\n  override: {condition: append}\n"), []string{
		"b.yaml:2:26 !COMPILE_CONDITION: *",
	}},
	{"error in an appended macro", changed("- macro: m\n  condition: >\n    or\n      undefined_thing\n  override: {condition: append}\n"), []string{
		`b.yaml:4:7 !COMPILE_CONDITION: the macro "undefined_thing" is not defined; define it, or write a check with a field and an operator`,
	}},
}

// changed are rules and a file that changes them.
func changed(change string) []string {
	return []string{base + "- rule: S\n  desc: d\n  condition: m and a.b in (l)\n", change}
}

func TestOverride(t *testing.T) {
	tests := []struct {
		name  string
		texts []string
		check func(t *testing.T, r *Rule)
	}{
		{"append texts", []string{"- rule: R\n  condition: or x.y exists\n  output: two %a.b\n  desc: second\n  tags: [u, t]\n" +
			"  override: {condition: append, output: append, desc: append, tags: append}\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "a.b exists or x.y exists", r.ConditionText)
			assert.Equal(t, "one two %a.b", r.Output.Text)
			assert.Equal(t, "first second", r.Desc)
			assert.Equal(t, []string{"t", "u"}, r.Tags)
			assert.Equal(t, "(a.b exists or x.y exists) and not (c.d = v and c.e = w)", syntax.Format(r.Condition))
		}},
		{"replace all", []string{"- rule: R\n  condition: x.y exists\n  output: two\n  desc: second\n  tags: [u]\n  priority: LOW\n  enabled: no\n" +
			"  warn_evttypes: false\n  skip-if-unknown-filter: true\n  capture: true\n  exceptions: []\n" +
			"  override: {condition: replace, output: replace, desc: replace, tags: replace, priority: replace, enabled: replace,\n" +
			"    warn_evttypes: replace, skip-if-unknown-filter: replace, capture: replace, exceptions: replace}\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "x.y exists", syntax.Format(r.Condition))
			assert.Equal(t, "two", r.Output.Text)
			assert.Equal(t, "second", r.Desc)
			assert.Equal(t, []string{"u"}, r.Tags)
			assert.Equal(t, Low, r.Priority)
			assert.False(t, r.Enabled)
			assert.True(t, r.SkipIfUnknownFilter)
			assert.Equal(t, "a", r.Ruleset, "an override leaves a rule where it is")
		}},
		{"append and replace", []string{"- rule: R\n  condition: and m\n  priority: low\n  override: {condition: append, priority: replace}\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "(a.b exists and a.b = 1) and not (c.d = v and c.e = w)", syntax.Format(r.Condition))
			assert.Equal(t, Low, r.Priority)
		}},
		{"old append", []string{"- rule: R\n  condition: and m\n  append: true\n", "- rule: R\n  condition: and m\n  append: true\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "a.b exists and m and m", r.ConditionText)
		}},
		{"append values", []string{"- rule: R\n  exceptions: [{name: e, values: [[p, q]]}]\n  override: {exceptions: append}\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "a.b exists and not (c.d = v and c.e = w or c.d = p and c.e = q)", syntax.Format(r.Condition))
		}},
		{"append an exception", []string{"- rule: R\n  exceptions: [{name: f, fields: x.y, values: [p, l]}]\n  override: {exceptions: append}\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "a.b exists and not (c.d = v and c.e = w) and not x.y in (p, x, y)", unquoted(r.Condition))
		}},
		{"toggle", []string{"- rule: R\n  enabled: 0\n"}, func(t *testing.T, r *Rule) { assert.False(t, r.Enabled) }},
		{"redefinition", []string{"- rule: R\n  desc: new\n  condition: m\n"}, func(t *testing.T, r *Rule) {
			assert.Equal(t, "new", r.Desc)
			assert.Equal(t, "a.b = 1", syntax.Format(r.Condition))
			assert.Equal(t, "b", r.Ruleset)
			assert.Nil(t, r.Output)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			last := "- rule: Last\n  desc: d\n  condition: a.b exists\n"
			set, _ := loaded(t, append([]string{base + last}, tt.texts...)...)
			tt.check(t, set.Rules[0])
			assert.Equal(t, "Last", set.Rules[1].Name, "a changed rule keeps its place")
		})
	}
}

func TestOverrideNames(t *testing.T) {
	rule := "- rule: R\n  desc: d\n  condition: m and a.b in (l)\n"
	start := "- macro: m\n  condition: a.b = 1\n- list: l\n  items: [x, y]\n" + rule
	tests := []struct {
		name, change, want string
	}{
		{"append items", "- list: l\n  items: [z]\n  override: {items: append}\n", "a.b = 1 and a.b in (x, y, z)"},
		{"old append items", "- list: l\n  items: [z]\n  append: true\n", "a.b = 1 and a.b in (x, y, z)"},
		{"append to a macro", "- macro: m\n  condition: or c.d exists\n  override: {condition: append}\n", "(a.b = 1 or c.d exists) and a.b in (x, y)"},
		{"replace items", "- list: l\n  items: [z]\n  override: {items: replace}\n", "a.b = 1 and a.b in (z)"},
		{"replace a macro", "- macro: m\n  condition: c.d exists\n  override: {condition: replace}\n", "c.d exists and a.b in (x, y)"},
		{"replace what is not there", "- macro: n\n  condition: c.d exists\n  override: {condition: replace}\n", "a.b = 1 and a.b in (x, y)"},
		{"redefine", "- macro: m\n  condition: c.d exists\n- list: l\n  items: [z]\n", "c.d exists and a.b in (z)"},
		{"append what is defined later", "- macro: n\n  condition: c.d exists\n- macro: m\n  condition: or n\n  override: {condition: append}\n", "(a.b = 1 or c.d exists) and a.b in (x, y)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, _ := loaded(t, start, tt.change)
			assert.Equal(t, tt.want, unquoted(set.Rules[0].Condition))
		})
	}
}
