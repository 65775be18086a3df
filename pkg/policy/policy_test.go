package policy_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// fired returns the names of the rules that a record matches.
func fired(e *policy.Evaluator, r *field.Record) (names []string, dropped bool) {
	dropped = e.Evaluate(e.Subject(r.Process), r, func(a *policy.Alert) { names = append(names, a.Rule.Name) })
	return names, dropped
}

func text(s string) rules.File { return rules.File{Name: "test.yaml", Text: []byte(s)} }

// exec is a shell below a web server.
func exec() *field.Record {
	node := &field.Node{Name: "node1"}
	parent := &field.Process{Process: sysflow.Process{OID: sysflow.OID{HPID: 1, CreateTS: 1}, Exe: "/usr/sbin/nginx", UID: 33}, Node: node}
	shell := &field.Process{
		Process: sysflow.Process{OID: sysflow.OID{HPID: 2, CreateTS: 2}, Exe: "/bin/sh", ExeArgs: "-c id", UID: 33},
		Parent:  parent, Node: node,
	}
	return &field.Record{
		Kind: sysflow.KindProcessEvent, Ops: sysflow.OpExec, TS: 1e9, HasRet: true, FD: -1,
		Proto: sysflow.ProtoUnknown, Process: shell, Node: node,
	}
}

func connect(r *field.Record) *field.Record {
	c := *r
	c.Kind, c.Ops, c.HasRet, c.TS = sysflow.KindNetworkFlow, sysflow.OpConnect, false, r.TS+1e9
	c.SIP, c.SPort, c.DIP, c.DPort, c.Proto = netip.MustParseAddr("10.0.0.1"), 40000, netip.MustParseAddr("203.0.113.7"), 4444, sysflow.ProtoTCP
	return &c
}

const three = `
- rule: second by name
  desc: d
  condition: evt.type = execve and proc.name = sh
  output: "%proc.name below %proc.pname | uid=%user.uid cmd=%proc.cmdline %fd.name."
  priority: WARNING
  tags: [mitre_execution, T1059.004, mitre:T1190, TA0002, t1]
- rule: another
  desc: what it is
  condition: sf.opflags = EXEC and sf.pproc.name = nginx
  priority: high
- rule: files only
  desc: d
  condition: sf.proc.name = sh
  priority: low
  prefilter: [FF]
`

func TestEvaluate(t *testing.T) {
	set := load(t, text(three))
	got, _ := fired(set.NewEvaluator(policy.Options{}), exec())
	assert.Equal(t, []string{"second by name", "another"}, got, "in order of loading")
	got, _ = fired(set.NewEvaluator(policy.Options{FirstMatch: true}), exec())
	assert.Equal(t, []string{"second by name"}, got)
	assert.Equal(t, []string{"T1059.004", "T1190", "TA0002"}, set.Rules[0].Techniques)
}

func TestOutput(t *testing.T) {
	set := load(t, text(three))
	e := set.NewEvaluator(policy.Options{})
	var out []string
	r := exec()
	e.Evaluate(e.Subject(r.Process), r, func(a *policy.Alert) { out = append(out, string(a.AppendOutput(nil))) })
	assert.Equal(t, []string{"sh below nginx | uid=33 cmd=sh -c id <NA>.", "another: what it is"}, out)
}

func TestDropsComeFirst(t *testing.T) {
	set := load(t, text(three+`
- drop: shells
  desc: d
  condition: proc.name in (sh, bash)
`))
	got, dropped := fired(set.NewEvaluator(policy.Options{}), exec())
	assert.True(t, dropped)
	assert.Empty(t, got)
	only := set.NewEvaluator(policy.Options{DropsOnly: true})
	_, dropped = fired(only, exec())
	assert.True(t, dropped)
	other := exec()
	other.Process.Exe = "/usr/bin/id"
	got, dropped = fired(only, other)
	assert.False(t, dropped)
	assert.Empty(t, got, "rules are not asked")
}

func TestSequence(t *testing.T) {
	set := load(t, text(`
- sequence: calls out
  desc: d
  by: ancestry
  within: 60s
  steps:
    - condition: evt.type = execve and proc.name = sh
    - condition: evt.type = connect
  priority: CRITICAL
  output: "%proc.name"
`))
	e := set.NewEvaluator(policy.Options{})
	r := exec()
	got, _ := fired(e, r)
	assert.Empty(t, got)
	late := connect(r)
	late.TS += 100e9
	got, _ = fired(e, late)
	assert.Empty(t, got, "out of the window")
	var steps []string
	e.Evaluate(e.Subject(r.Process), connect(r), func(a *policy.Alert) {
		for _, s := range a.Steps {
			steps = append(steps, s.Text)
		}
	})
	assert.Equal(t, []string{"execve by sh -c id (pid 2)", "connect by sh -c id (pid 2) on 10.0.0.1:40000->203.0.113.7:4444"}, steps)
}

// The engine remembers processes; it must notice when they or their parents change.
func TestProcessesChange(t *testing.T) {
	set := load(t, text(three))
	e := set.NewEvaluator(policy.Options{})
	r := exec()
	got, _ := fired(e, r)
	require.Len(t, got, 2)
	r.Process.Exe = "/usr/bin/id"
	r.Process.Changed()
	got, _ = fired(e, r)
	assert.Equal(t, []string{"another"}, got)
	r.Process.Parent.Exe = "/usr/sbin/sshd"
	r.Process.Parent.Changed()
	got, _ = fired(e, r)
	assert.Empty(t, got)
}

func TestBadRulesAreFoundAtOnce(t *testing.T) {
	set, found := policy.Load([]rules.File{text(`
- macro: m
  condition: proc.nam = x
- rule: a
  desc: d
  condition: m and fd.sport = x
  output: "%proc.nosuch"
  priority: WARNING
- rule: b
  desc: d
  condition: m
  output: x
  priority: WARNING
`)})
	assert.Nil(t, set)
	var got []string
	for _, d := range found {
		got = append(got, d.Error())
	}
	assert.Equal(t, []string{
		`test.yaml:3:14: error: unknown field "proc.nam"; did you mean proc.name? [LOAD_ERR_COMPILE_CONDITION]`,
		`test.yaml:6:31: error: fd.sport is a number, and "x" is none [LOAD_ERR_COMPILE_CONDITION]`,
		`test.yaml:7:13: error: unknown field "proc.nosuch" [LOAD_ERR_COMPILE_OUTPUT]`,
	}, got)
}

// What is no list is told once, and not as the name of a program that is too long.
func TestUndefinedLists(t *testing.T) {
	_, found := policy.Load([]rules.File{text(`
- rule: a
  desc: d
  condition: proc.name in trusted_programs or proc.name in (trusted_programs)
    or proc.name in (bash, trusted_programs) or proc.name in (bash, systemd-journald)
- list: trusted_program
  items: [a]
`)})
	var got []string
	for _, d := range found {
		got = append(got, d.Error())
	}
	assert.Equal(t, []string{
		`test.yaml:4:27: error: the list "trusted_programs" is not defined; did you mean trusted_program? [LOAD_ERR_COMPILE_CONDITION]`,
		`test.yaml:4:61: warning: "trusted_programs" is no list and taken as a text; did you mean trusted_program? If not, put it in quotes [LOAD_SUSPICIOUS_LITERAL]`,
		`test.yaml:5:28: warning: "trusted_programs" is no list and taken as a text; did you mean trusted_program? If not, put it in quotes [LOAD_SUSPICIOUS_LITERAL]`,
		`test.yaml:5:69: warning: proc.name has at most 15 bytes, so it is never "systemd-journald"; write "systemd-journal" [LOAD_SUSPICIOUS_LITERAL]`,
	}, got)

	_, found = policy.Load([]rules.File{text("- rule: a\n  desc: d\n  condition: proc.name in (bash, trusted_programs)\n")})
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Hint, "there is no list of this name")
}

// Of two rules with one name both are checked.
func TestSecondOfANameIsChecked(t *testing.T) {
	_, found := policy.Load([]rules.File{text("- rule: a\n  desc: d\n  condition: proc.nam = x\n- rule: a\n  desc: d\n  condition: fd.nosuch = x\n")})
	var got []string
	for _, d := range found {
		got = append(got, d.Message)
	}
	assert.Equal(t, []string{`unknown field "proc.nam"`, `the rule "a" is defined twice in this file, first in line 1`, `unknown field "fd.nosuch"`}, got)
}

func TestSkipIfUnknown(t *testing.T) {
	set, found := policy.Load([]rules.File{text(three + `
- rule: from the future
  desc: d
  condition: proc.future = x
  output: x
  priority: INFO
  skip-if-unknown-filter: true
`)})
	require.NoError(t, found.Err())
	require.Len(t, found, 1)
	assert.Equal(t, `test.yaml:20:14: warning: unknown field "proc.future", so the rule is skipped [LOAD_UNKNOWN_FILTER]`, found[0].Error())
	assert.NotEmpty(t, set.Rules[3].Disabled)
	got, _ := fired(set.NewEvaluator(policy.Options{}), exec())
	assert.Len(t, got, 2)
}

func TestSharedRules(t *testing.T) {
	tests := map[string]map[policy.CoverageLevel]int{
		"sysflow_ttps.yaml": {policy.Exact: 50, policy.Partial: 2},
		"falco_rules.yaml":  {policy.Exact: 18, policy.Approximate: 7},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			got := make(map[policy.CoverageLevel]int)
			set := loadFile(t, sharedtest.Rules(t, name))
			assert.Empty(t, set.NeverMatching(), "a false alarm")
			for _, c := range set.Coverage() {
				got[c.Level]++
			}
			assert.Equal(t, want, got)
		})
	}
}

// A full diagram must not change a result.
func TestSmallDiagram(t *testing.T) {
	set := loadFile(t, sharedtest.Rules(t, "sysflow_ttps.yaml"))
	list := records(t, sharedtest.Trace(t, "sf/express-attack.v1000.sf"))
	whole, small := set.NewEvaluator(policy.Options{}), set.NewEvaluator(policy.Options{MaxStates: 8})
	for _, r := range list {
		want, _ := fired(whole, r)
		got, _ := fired(small, r)
		require.Equal(t, want, got)
	}
	stats := small.Stats().Engine
	assert.Positive(t, stats.Direct)
	assert.Positive(t, stats.Resets)
	assert.LessOrEqual(t, stats.States, int64(8))
	assert.Zero(t, whole.Stats().Engine.Direct)
}
