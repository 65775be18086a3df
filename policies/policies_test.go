// Package policies tests the stock rules: that each has cases of its own, that they hold, and
// what every rule must have.
package policies

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// load loads rule files, which must be without any finding.
func load(t *testing.T, paths ...string) *policy.Ruleset {
	t.Helper()
	files, err := policy.ReadFiles(paths)
	require.NoError(t, err)
	set, found := policy.Load(files)
	for _, d := range found {
		t.Errorf("%s:%d:%d: %s: %s", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Item, d.Message)
	}
	require.NotNil(t, set)
	assert.Empty(t, set.NeverMatching())
	return set
}

func stock(t *testing.T) *policy.Ruleset {
	t.Helper()
	return load(t, "*.yaml")
}

func caseFiles(t *testing.T) []*policytest.File {
	t.Helper()
	paths, err := filepath.Glob("tests/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var out []*policytest.File
	for _, p := range paths {
		f, found := policytest.Read(p)
		for _, d := range found {
			t.Errorf("%s:%d: %s", d.Pos.File, d.Pos.Line, d.Message)
		}
		require.NotNil(t, f)
		out = append(out, f)
	}
	return out
}

func TestCases(t *testing.T) {
	for _, f := range caseFiles(t) {
		files, err := policy.ReadFiles(f.Policies)
		require.NoError(t, err)
		set, found := policy.Load(files)
		require.False(t, found.HasErrors(), "%v", found)
		for _, d := range f.UnknownRules(set) {
			t.Errorf("%s:%d: %s", d.Pos.File, d.Pos.Line, d.Message)
		}
		for _, c := range f.Cases {
			t.Run(strings.TrimSuffix(filepath.Base(f.Name), ".yaml")+"/"+c.Name, func(t *testing.T) {
				result, err := policytest.Run(set, c)
				require.NoError(t, err)
				for _, failure := range result.Failures {
					t.Errorf("%s:%d: %s\n%s", c.Pos.File, c.Pos.Line, failure.Message, strings.Join(failure.Details, "\n"))
				}
			})
		}
	}
}

// Every rule and sequence must be shown to match, and not to match what looks like it.
func TestEveryRuleHasCases(t *testing.T) {
	matches, spares := make(map[string]bool), make(map[string]bool)
	names := make(map[string]bool)
	for _, r := range stock(t).Rules {
		names[r.Name] = true
	}
	for _, f := range caseFiles(t) {
		for _, c := range f.Cases {
			expected := make(map[string]bool)
			for _, e := range c.Alerts {
				matches[e.Rule], expected[e.Rule] = true, true
			}
			for _, a := range c.About {
				assert.True(t, names[a.Rule], "%s:%d: about: there is no rule %q", a.Pos.File, a.Pos.Line, a.Rule)
				spares[a.Rule] = spares[a.Rule] || !expected[a.Rule]
			}
		}
	}
	for name := range names {
		assert.True(t, matches[name], "no case shows that %q matches", name)
		assert.True(t, spares[name], "no case about %q shows what it does not match", name)
	}
}

// What an analyst needs, and nothing that SysFlow cannot answer.
func TestRulesAreComplete(t *testing.T) {
	set := stock(t)
	names := make(map[string]bool)
	sequences := 0
	for _, r := range set.Rules {
		where := fmt.Sprintf("%s:%d: %s", r.Pos.File, r.Pos.Line, r.Name)
		assert.False(t, names[r.Name], "%s: the name is taken", where)
		names[r.Name] = true
		assert.Empty(t, r.Disabled, where)
		assert.NotNil(t, r.Output, "%s: no output", where)
		assert.Greater(t, len(r.Desc), 120, "%s: the description must say what happened, why it matters and what to check", where)
		assert.Equal(t, r.Desc, strings.TrimSpace(strings.ReplaceAll(r.Desc, "  ", " ")), where)
		assert.True(t, slices.ContainsFunc(r.Techniques, func(id string) bool { return strings.HasPrefix(id, "T1") }), "%s: no technique", where)
		assert.True(t, slices.ContainsFunc(r.Tags, func(tag string) bool { return tactics[tag] }), "%s: no tactic", where)
		for _, tag := range r.Tags {
			assert.True(t, tactics[tag] || objects[tag] || technique.MatchString(tag), "%s: tag %q", where, tag)
		}
		if r.Sequence != nil {
			sequences++
		}
	}
	for _, c := range set.Coverage() {
		assert.Less(t, c.Level, policy.Partial, "%s: %v", c.Rule.Name, c.Reasons)
	}
	assert.GreaterOrEqual(t, len(set.Rules)-sequences, 45)
	assert.GreaterOrEqual(t, sequences, 4)
}

var technique = regexp.MustCompile(`^T1\d{3}(\.\d{3})?$`)

// tactics are the tags for those of MITRE ATT&CK, objects what a rule looks at.
var (
	tactics = set("mitre_initial_access", "mitre_execution", "mitre_persistence", "mitre_privilege_escalation", "mitre_defense_evasion",
		"mitre_credential_access", "mitre_discovery", "mitre_lateral_movement", "mitre_command_and_control", "mitre_collection",
		"mitre_exfiltration", "mitre_impact")
	objects = set("host", "container", "process", "network", "filesystem")
)

func set(items ...string) map[string]bool {
	out := make(map[string]bool)
	for _, item := range items {
		out[item] = true
	}
	return out
}

// Each file is named after the tactic that all its rules have; escapes from containers are a
// technique of the tactic privilege escalation.
func TestFilesAreTactics(t *testing.T) {
	found := make(map[string]bool)
	for _, r := range stock(t).Rules {
		if r.Sequence != nil {
			assert.Equal(t, "sequences", r.Ruleset, r.Name)
			continue
		}
		tactic := r.Ruleset
		if tactic == "container_escape" {
			tactic = "privilege_escalation"
			assert.True(t, slices.Contains(r.Techniques, "T1611") || slices.Contains(r.Techniques, "T1610"), r.Name)
		}
		assert.Contains(t, r.Tags, "mitre_"+tactic, r.Name)
		found[r.Ruleset] = true
	}
	for _, want := range []string{
		"execution", "persistence", "privilege_escalation", "defense_evasion", "credential_access", "discovery", "lateral_movement",
		"command_and_control", "collection", "exfiltration", "impact", "container_escape",
	} {
		assert.True(t, found[want], "no rule in %s.yaml", want)
	}
}

// maxName is how many bytes the kernel keeps of a task's name (TASK_COMM_LEN without its NUL).
const maxName = 15

// A name that is longer can never be found.
func TestNamesOfProgramsFit(t *testing.T) {
	named := map[string]bool{"proc.name": true, "proc.pname": true, "proc.aname": true}
	n := 0
	check := func(c *syntax.Check) {
		left, isField := c.Left.(*syntax.Field)
		if !isField || !named[left.Name] {
			return
		}
		for _, o := range c.Right {
			if l, ok := o.(*syntax.Literal); ok {
				n++
				assert.LessOrEqual(t, len(l.Text), maxName, "%s:%d: %s %s %s", c.At.File, c.At.Line, left.Name, c.Op, l.Text)
			}
		}
	}
	for _, r := range stock(t).Rules {
		if r.Rule != nil {
			checks(r.Rule.Condition, check)
			continue
		}
		for _, s := range r.Sequence.Steps {
			checks(s.Condition, check)
		}
	}
	assert.Greater(t, n, 500, "the conditions were not walked")
}

// Flows that last are recorded every 30 s, without the operation they began with. A rule that
// holds for these as well floods; only those may that ask what moved within one record.
func TestRulesMatchTheBeginningOfFlows(t *testing.T) {
	var repeat []string
	for _, r := range stock(t).Rules {
		if r.Rule != nil {
			if mayHoldLater(r.Rule.Condition) {
				repeat = append(repeat, r.Name)
			}
			continue
		}
		for _, s := range r.Sequence.Steps {
			assert.False(t, mayHoldLater(s.Condition), "%s: %s", r.Name, s.Name)
		}
	}
	assert.ElementsMatch(t, []string{
		"Standard stream of a shell is a connection",
		"Large upload by a command line tool", "Large upload by a program from a world-writable folder",
		"Much data sent to a name server", "Much data sent by ICMP", "Data sent to the internet through io_uring",
	}, repeat)
}

// mayHoldLater reports whether a condition may hold for a flow that goes on: unless it asks for
// a system call that begins something.
func mayHoldLater(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.And:
		return !slices.ContainsFunc(n.Operands, func(o syntax.Node) bool { return !mayHoldLater(o) })
	case *syntax.Or:
		return slices.ContainsFunc(n.Operands, mayHoldLater)
	case *syntax.Check:
		left, isField := n.Left.(*syntax.Field)
		if !isField || left.Name != field.EventType {
			return true
		}
		return slices.ContainsFunc(n.Right, func(o syntax.Operand) bool {
			l, isLiteral := o.(*syntax.Literal)
			ops, kinds := sysflow.OpFlags(0), []sysflow.Kind(nil)
			if isLiteral {
				ops, kinds = field.EventOps(l.Text)
			}
			flows := slices.Contains(kinds, sysflow.KindFileFlow) || slices.Contains(kinds, sysflow.KindNetworkFlow)
			return !isLiteral || flows && ops&(sysflow.OpOpen|sysflow.OpAccept|sysflow.OpConnect|sysflow.OpSetns) == 0
		})
	}
	return true
}

// checks calls f for all comparisons of a condition.
func checks(n syntax.Node, f func(*syntax.Check)) {
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			checks(o, f)
		}
	case *syntax.Or:
		for _, o := range n.Operands {
			checks(o, f)
		}
	case *syntax.Not:
		checks(n.Operand, f)
	case *syntax.Check:
		f(n)
	}
}

// These rules can be loaded together with those of others: no name of theirs is redefined.
func TestBesideOtherRules(t *testing.T) {
	ours := stock(t)
	for _, name := range []string{"falco_rules.yaml", "sysflow_ttps.yaml"} {
		t.Run(name, func(t *testing.T) {
			files, err := policy.ReadFiles([]string{sharedtest.Rules(t, name)})
			require.NoError(t, err)
			theirs, found := policy.Load(files)
			require.False(t, found.HasErrors(), "%v", found)
			for list := range ours.Set.Lists {
				assert.Nil(t, theirs.Set.Lists[list], list)
			}
			for macro := range ours.Set.Macros {
				assert.Nil(t, theirs.Set.Macros[macro], macro)
			}
			for _, a := range ours.Rules {
				for _, b := range theirs.Rules {
					assert.NotEqual(t, a.Name, b.Name)
				}
			}
		})
	}
}

// The example of the README does what it says.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(readme), "```yaml\n")
	require.True(t, found)
	example, _, _ := strings.Cut(rest, "```")
	local := filepath.Join(t.TempDir(), "local.yaml")
	require.NoError(t, os.WriteFile(local, []byte(example), 0o600))
	changed := load(t, ".", local)
	i := slices.IndexFunc(changed.Rules, func(r *policy.Rule) bool { return r.Name == "Tunnel opened" })
	assert.NotEmpty(t, changed.Rules[i].Disabled)

	cases, problems := policytest.Parse("inline", []byte(`
cases:
  - name: an expected program, and one that is not
    processes:
      agent: {exe: /opt/backup/agent, user: backup, uid: 34}
      other: {exe: /opt/backup/other, user: backup, uid: 34}
      server: {exe: /opt/my-httpd, user: backup, uid: 34}
      sh: {parent: server, exe: /usr/bin/dash}
    records:
      - {op: "OPEN|READ|CLOSE", process: agent, file: /etc/shadow}
      - {op: "OPEN|READ|CLOSE", process: other, file: /etc/shadow}
      - {op: EXEC, process: sh}
    alerts: {Password hashes read by an unusual program: 1, Shell started by a web server: 1}
`))
	require.Empty(t, problems)
	result, err := policytest.Run(changed, cases.Cases[0])
	require.NoError(t, err)
	assert.Empty(t, result.Failures)
}

// The traces of the SysFlow project: one holds an attack on a Node.js application, which is
// made to write a script into /tmp and run it; the others are quiet.
func TestTraces(t *testing.T) {
	set := stock(t)
	for name, want := range map[string][]string{
		"alpine.v5.sf": nil, "files.v5.sf": nil, "nginx.v1001.sf": nil, "nodejs.v1000.sf": nil, "setuid.v5.sf": nil, "tcp-client-server.v5.sf": nil,
		"express-attack.v1000.sf": {
			"Package installed in a running container", "Service runs a program from a world-writable folder", "Service writes a program and starts it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := &policytest.Case{Name: name, Trace: sharedtest.Trace(t, filepath.Join("sf", name))}
			result, err := policytest.Run(set, c)
			require.NoError(t, err)
			assert.Positive(t, result.Records)
			var got []string
			for rule := range result.Alerts {
				got = append(got, rule)
			}
			assert.ElementsMatch(t, want, got)
		})
	}
}
