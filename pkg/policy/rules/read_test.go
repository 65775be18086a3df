package rules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestRule(t *testing.T) {
	set, _ := loaded(t, `
- drop: quiet
  desc: nothing to see
  condition: sf.type = P
- filter: old
  condition: sf.type = C
  enabled: 0
  prefilter: [FF]
- rule: R
  desc: >
    says what
    it is
  condition: |
    a.b exists
  output: >
    a %a.b
  priority: INFO
  tags: [a, mitre:T1059, a, 7]
  prefilter: [PE, FF, PE]
  action: alert
  actions: [tag, hash]
  enabled: f
  source: syscall
  warn_evttypes: no
  skip-if-unknown-filter: true
`)
	require.Len(t, set.Rules, 1)
	r := set.Rules[0]
	assert.Equal(t, "a %a.b", r.Output.Text)
	r.Condition, r.Output = nil, nil
	want := &Rule{
		Head: Head{
			Name: "R", Desc: "says what it is", Ruleset: "a", Priority: Info, Tags: []string{"a", "mitre:T1059", "7"}, Pos: r.Pos,
		},
		ConditionText: "a.b exists", Source: "syscall", Prefilter: []sysflow.Kind{sysflow.KindProcessEvent, sysflow.KindFileFlow},
		Actions: []string{"hash"}, SkipIfUnknownFilter: true,
	}
	assert.Equal(t, want, r)
	require.Len(t, set.Drops, 2)
	assert.Equal(t, "quiet", set.Drops[0].Name)
	assert.Equal(t, "nothing to see", set.Drops[0].Desc)
	assert.True(t, set.Drops[0].Enabled)
	assert.Equal(t, "sf.type = P", syntax.Format(set.Drops[0].Condition))
	assert.False(t, set.Drops[1].Enabled)
	assert.Equal(t, []sysflow.Kind{sysflow.KindFileFlow}, set.Drops[1].Prefilter)
}

func TestContainerInfo(t *testing.T) {
	set, found := loaded(t, "- rule: R\n  desc: d\n  condition: a.b exists\n  output: 'a %container.info b %c.d'\n")
	assert.Equal(t, []string{
		"a.yaml:4:15 DEPRECATED_ITEM: %container.info is deprecated and left out of the output; leave it out, or write %container.id and %container.name",
	}, lines(found))
	require.Len(t, set.Rules[0].Output.Parts, 3)
	assert.Equal(t, " b ", set.Rules[0].Output.Parts[1].Literal)
}

func TestRuleDefaults(t *testing.T) {
	set, _ := loaded(t, "- rule: R\n  desc: d\n  condition: a.b exists\n- rule: Off\n  desc: d\n  condition: a.b exists\n  prefilter: []\n"+
		"- rule: Skipped\n  desc: d\n  condition: never.parsed\n  source: aws\n")
	require.Len(t, set.Rules, 2)
	r := set.Rules[0]
	assert.True(t, r.Enabled)
	assert.Equal(t, Low, r.Priority)
	assert.Nil(t, r.Prefilter)
	assert.Nil(t, r.Output)
	assert.False(t, set.Rules[1].Enabled)
}

func TestSeveralDocuments(t *testing.T) {
	set, _ := loaded(t, "\xef\xbb\xbf---\n- &r\n  rule: R\n  desc: &d text\n  condition: a.b exists\n---\n# nothing\n---\n- rule: S\n  desc: d\n  condition: &c a.b = x\n",
		"- rule: T\n  desc: &d text\n  condition: &c a.b = y\n- rule: U\n  desc: *d\n  condition: *c\n")
	require.Len(t, set.Rules, 4)
	assert.Equal(t, "text", set.Rules[3].Desc)
	assert.Equal(t, "a.b = y", syntax.Format(set.Rules[3].Condition))
	assert.Equal(t, set.Rules[2].Condition.Pos(), set.Rules[3].Condition.Pos(), "an alias stands where its anchor is")
}

func TestPriorities(t *testing.T) {
	for p := Emergency; p <= Debug; p++ {
		got, ok := ParsePriority(p.String())
		assert.True(t, ok)
		assert.Equal(t, p, got)
	}
	tests := map[string]Priority{
		"Emergency": Emergency, "ALERT": Alert, "Critical": Critical, "error": Error, "WARNING": Warning,
		"Notice": Notice, "Informational": Info, "INFO": Info, "Debug": Debug, "high": High, "Medium": Medium, "low": Low,
	}
	for text, want := range tests {
		got, ok := ParsePriority(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "warn", "fatal", "3"} {
		_, ok := ParsePriority(text)
		assert.False(t, ok, text)
	}
}

func TestSequence(t *testing.T) {
	const steps = "  steps:\n    - name: shell\n      condition: m\n    - condition: c.d = 1\n"
	var b strings.Builder
	b.WriteString("- macro: m\n  condition: a.b exists\n" +
		"- sequence: S\n  desc: d\n  by: ancestry\n  within: 60s\n  priority: critical\n  tags: [t]\n  output: '%a.b'\n" + steps)
	for _, by := range []string{"process", "container", "fd.sip", "'proc.aname[2]'", "proc.env[HOME]"} {
		fmt.Fprintf(&b, "- sequence: by %s\n  desc: d\n  by: %s\n  within: 1m30s\n%s", by, by, steps)
	}
	b.WriteString("- sequence: default\n  desc: d\n  within: 1h\n" + steps + "- sequence: by process\n  enabled: false\n")
	set, found := loaded(t, b.String())
	assert.Empty(t, lines(found))
	s := set.Sequences[0]
	assert.Equal(t, JoinAncestry, s.By.Kind)
	assert.Equal(t, "5:7", lineColumn(s.By.Pos))
	assert.Equal(t, time.Minute, s.Within)
	assert.Equal(t, Critical, s.Priority)
	assert.Equal(t, []string{"t"}, s.Tags)
	assert.Equal(t, "%a.b", s.Output.Text)
	require.Len(t, s.Steps, 2)
	assert.Equal(t, "shell", s.Steps[0].Name)
	assert.Equal(t, "m", s.Steps[0].ConditionText)
	assert.Equal(t, "a.b exists", syntax.Format(s.Steps[0].Condition))
	assert.Equal(t, "c.d = 1", syntax.Format(s.Steps[1].Condition))
	assert.Equal(t, "13:7", lineColumn(s.Steps[1].Pos))
	joins := []struct {
		kind  JoinKind
		field string
	}{
		{JoinProcess, ""},
		{JoinContainer, ""},
		{JoinField, "fd.sip"},
		{JoinField, "proc.aname[2]"},
		{JoinField, "proc.env[HOME]"},
		{JoinProcess, ""},
	}
	for i, want := range joins {
		got := set.Sequences[i+1]
		assert.Equal(t, want.kind, got.By.Kind, got.Name)
		field := ""
		if got.By.Field != nil {
			field = syntax.FormatOperand(got.By.Field)
		}
		assert.Equal(t, want.field, field, got.Name)
		assert.Equal(t, i != 0, got.Enabled, got.Name)
	}
	assert.Equal(t, 90*time.Second, set.Sequences[1].Within)
}

func TestSequenceFindings(t *testing.T) { runFindings(t, sequenceFindings) }

var sequenceFindings = []findingTest{
	{"nothing", sequenceWith(""), []string{
		`a.yaml:1:3 !YAML_VALIDATE: the key "within" is missing; add it`,
		`a.yaml:1:3 !YAML_VALIDATE: the key "steps" is missing; add it`,
	}},
	{"no window", sequenceWith(twoSteps), []string{
		`a.yaml:1:3 !YAML_VALIDATE: the key "within" is missing; add it`,
	}},
	{"bad window", sequenceWith("  within: soon\n" + twoSteps), []string{
		`a.yaml:3:11 !YAML_VALIDATE: "soon" is no time within which a sequence can happen; write it like 60s, 5m or 1h`,
	}},
	{"number as window", sequenceWith("  within: 60\n" + twoSteps), []string{
		`a.yaml:3:11 !YAML_VALIDATE: "60" is no time within which a sequence can happen; write it like 60s, 5m or 1h`,
	}},
	{"negative window", sequenceWith("  within: -1s\n" + twoSteps), []string{
		`a.yaml:3:11 !YAML_VALIDATE: "-1s" is no time within which a sequence can happen; write it like 60s, 5m or 1h`,
	}},
	{"one step", sequenceWith("  within: 1s\n  steps: [{condition: a.b exists}]\n"), []string{
		"a.yaml:4:10 !YAML_VALIDATE: a sequence must have at least two steps; write a rule for a single condition",
	}},
	{"steps that are none", sequenceWith("  within: 1s\n  steps: [a.b exists, {name: x}, {condition: a.b exists, cond: y}]\n"), []string{
		`a.yaml:4:11 !YAML_VALIDATE: a step must be a mapping, not a text; write it as "- condition: ..."`,
		`a.yaml:4:23 !YAML_VALIDATE: the key "condition" is missing; add it`,
		`a.yaml:4:58 UNKNOWN_KEY: the key "cond" is not known here and ignored`,
	}},
	{"steps are a text", sequenceWith("  within: 1s\n  steps: a.b exists\n"), []string{
		`a.yaml:4:10 !YAML_VALIDATE: the value of "steps" must be a list, not a text; write it in brackets: [a, b]`,
	}},
	{"bad join", sequenceWith("  within: 1s\n  by: containr\n" + twoSteps), []string{
		`a.yaml:4:7 !YAML_VALIDATE: the steps of a sequence cannot be joined by "containr"; did you mean container?`,
	}},
	{"a condition as join", sequenceWith("  within: 1s\n  by: a.b = c or a.b\n" + twoSteps), []string{
		`a.yaml:4:7 !YAML_VALIDATE: the steps of a sequence cannot be joined by "a.b = c or a.b"; use process, ancestry, container, or a field like fd.sip`,
	}},
	{"bad step", sequenceWith("  within: 1s\n  steps:\n    - condition: a.b exists\n    - condition: a.b in l\n"), []string{
		`a.yaml:6:25 SUSPICIOUS_LITERAL: "l" is no list and taken as a text; put values in parentheses: in (l)`,
	}},
	{"unknown key", sequenceWith("  within: 1s\n  action: x\n" + twoSteps), []string{
		`a.yaml:4:3 UNKNOWN_KEY: the key "action" is not known here and ignored`,
	}},
	{"toggle of nothing", []string{plainRule + "- sequence: S\n  enabled: true\n"}, []string{
		`a.yaml:6:3 !VALIDATE: there is no sequence "S" before that this could change; define it before, in this file or in an earlier one`,
	}},
	{"name of a rule", []string{plainRule + "- sequence: R\n  desc: d\n  within: 1s\n" + twoSteps}, []string{
		`a.yaml:6:3 !VALIDATE: sequence "R" has the name of the rule at a.yaml:1:3; rename one of them`,
	}},
	{"rule with the name of a sequence", []string{"- sequence: R\n  desc: d\n  within: 1s\n" + twoSteps + plainRule}, []string{
		`a.yaml:5:3 !VALIDATE: rule "R" has the name of the sequence at a.yaml:1:3; rename one of them`,
	}},
	{"twice", []string{"- sequence: R\n  desc: d\n  within: 1s\n" + twoSteps, "- sequence: R\n  desc: d\n  within: 1s\n" + twoSteps}, []string{
		"b.yaml:1:3 REDEFINITION: this replaces the sequence of the same name at a.yaml:1:3",
	}},
	{"drop twice", []string{"- drop: D\n  condition: a.b exists\n- filter: D\n  condition: a.b exists\n- drop:\n- drop: E\n"}, []string{
		`a.yaml:3:3 !VALIDATE: the filter "D" is defined twice in this file, first in line 1; rename one of them`,
		`a.yaml:5:8 !YAML_VALIDATE: the value of "drop" is empty`,
		`a.yaml:6:3 !YAML_VALIDATE: the key "condition" is missing; add it`,
	}},
}

const twoSteps = "  steps: [{condition: a.b exists}, {condition: a.c exists}]\n"

func sequenceWith(more string) []string { return []string{"- sequence: S\n  desc: d\n" + more} }

func TestRequirements(t *testing.T) {
	engine := func(v string) []string { return []string{"- required_engine_version: " + v + "\n" + plainRule} }
	plugins := func(v string) []string { return []string{"- required_plugin_versions: " + v + "\n" + plainRule} }
	runFindings(t, []findingTest{
		{"older", engine("0.57.0"), []string{}},
		{"the same", engine("0.63.0"), []string{}},
		{"an integer", engine("63"), []string{}},
		{"a newer integer", engine("64"), []string{
			"a.yaml:1:28 !VALIDATE: the rules require version 0.64.0 of Falco's rule engine, but this is version 0.63.0",
		}},
		{"newer", engine("0.63.1"), []string{
			"a.yaml:1:28 !VALIDATE: the rules require version 0.63.1 of Falco's rule engine, but this is version 0.63.0",
		}},
		{"another age", engine("1.0.0"), []string{
			"a.yaml:1:28 !VALIDATE: the rules require version 1.0.0 of Falco's rule engine, but this is version 0.63.0",
		}},
		{"pre-release", engine("0.50.0-rc1"), []string{}},
		{"no version", engine("latest"), []string{
			`a.yaml:1:28 !YAML_VALIDATE: "latest" is no version of the rule engine; write it like 0.57.0`,
		}},
		{"two numbers", engine("0.57"), []string{
			`a.yaml:1:28 !YAML_VALIDATE: "0.57" is no version of the rule engine; write it like 0.57.0`,
		}},
		{"empty", engine(""), []string{
			`a.yaml:1:27 !YAML_VALIDATE: the value of "required_engine_version" is empty`,
		}},
		{"a list", engine("[0.57.0]"), []string{
			`a.yaml:1:28 !YAML_VALIDATE: the value of "required_engine_version" must be a text, not a list`,
		}},
		{"plugins", plugins("[{name: container, version: 0.4.0}, {name: k8smeta, version: 0.1.0, alternatives: [{name: k8s, version: 1.0.0}]}]"), []string{}},
		{"no list of plugins", plugins("container"), []string{
			`a.yaml:1:29 !YAML_VALIDATE: the value of "required_plugin_versions" must be a list, not a text; write it in brackets: [a, b]`,
		}},
		{"bad plugins", plugins("[container, {name: x}, {version: 0.1.0}, {name: y, version: new}, {name: z, version: 0.1.0, alternatives: 5}]"), []string{
			"a.yaml:1:30 !YAML_VALIDATE: a required plugin must be a mapping, not a text; give it a name and a version",
			`a.yaml:1:41 !YAML_VALIDATE: the key "version" is missing; add it`,
			`a.yaml:1:52 !YAML_VALIDATE: the key "name" is missing; add it`,
			`a.yaml:1:89 !VALIDATE: "new" is no version of the plugin "y"; write it like 0.4.0`,
			`a.yaml:1:135 !YAML_VALIDATE: the value of "alternatives" must be a list, not a text; write it in brackets: [a, b]`,
		}},
		{"bad alternatives", plugins("[{name: x, version: 0.1.0, alternatives: [y, {name: x, version: 0.2.0}, {name: z, vers: 1}]}]"), []string{
			"a.yaml:1:71 !YAML_VALIDATE: a required plugin must be a mapping, not a text; give it a name and a version",
			`a.yaml:1:81 !VALIDATE: the plugin "x" is named twice among the alternatives`,
			`a.yaml:1:101 !YAML_VALIDATE: the key "version" is missing; add it`,
			`a.yaml:1:111 UNKNOWN_KEY: the key "vers" is not known here and ignored`,
		}},
	})
}
