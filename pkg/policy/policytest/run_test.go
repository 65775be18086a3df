package policytest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

const testRules = `
- rule: Shell
  desc: a shell below a web server
  condition: evt.type = execve and proc.name = sh and proc.aname = nginx
  output: "%proc.pname started %proc.name"
  priority: warning
- drop: backup
  condition: sf.proc.name = restic
- sequence: Shell, then secrets
  desc: d
  by: process
  within: 10s
  steps:
    - condition: evt.type = execve and proc.name = sh
    - condition: sf.file.path = /etc/shadow
  priority: high
`

func ruleset(t *testing.T) *policy.Ruleset {
	t.Helper()
	set, findings := policy.Load([]rules.File{{Name: "r.yaml", Text: []byte(testRules)}})
	require.NotNil(t, set, findings.Err())
	return set
}

// parseCase returns a case with processes nginx, sh below it, and restic.
func parseCase(t *testing.T, records, alerts string) *File {
	t.Helper()
	const format = "cases:\n- name: a\n  processes: {nginx: {exe: /usr/sbin/nginx}, sh: {parent: nginx, exe: /bin/sh}, restic: {exe: /usr/bin/restic}}\n" +
		"  records: [%s]\n  alerts: %s\n"
	f, findings := Parse("f.yaml", fmt.Appendf(nil, format, records, alerts))
	require.NotNil(t, f, findings.Err())
	return f
}

func TestRun(t *testing.T) {
	const exec, open = "{op: EXEC, process: sh}", "{op: OPEN|READ, process: sh, file: /etc/shadow}"
	for _, tc := range []struct {
		name, records, alerts string
		want                  []Failure
	}{
		{"as expected", exec + ", " + open, "[Shell, 'Shell, then secrets']", nil},
		{"counted", exec + ", " + exec, "{Shell: 2}", nil},
		{"nothing", "{op: EXEC, process: nginx}", "[]", nil},
		{"unexpected", exec, "[]", []Failure{{
			Message: `"Shell" matched once, expected none`, Details: []string{"record 1 (line 4), PE EXEC by /bin/sh: nginx started sh"},
		}}},
		{"too often", exec + ", " + exec, "{Shell: 1}", []Failure{{
			Message: `"Shell" matched twice, expected once`,
			Details: []string{
				"record 1 (line 4), PE EXEC by /bin/sh: nginx started sh", "record 2 (line 4), PE EXEC by /bin/sh: nginx started sh",
			},
		}}},
		{"nearest", "{op: EXIT, process: sh}, {op: EXEC, process: restic}", "[Shell]", []Failure{{
			Message: `"Shell" did not match, expected at least once`,
			Details: []string{"nearest was record 1 (line 4), PE EXIT by /bin/sh; it lacks:", "  evt.type = execve  [r.yaml:4:14]"},
		}}},
		{"a step", exec, "[Shell, 'Shell, then secrets']", []Failure{{
			Message: `"Shell, then secrets" did not match, expected at least once`,
			Details: []string{
				"step 2 did not match:", "  nearest was record 1 (line 4), PE EXEC by /bin/sh; it lacks:", "    sf.file.path = /etc/shadow  [r.yaml:15:18]",
			},
		}}},
		{"too late", exec + ", {op: OPEN, process: sh, file: /etc/shadow, at: 11s}", "[Shell, 'Shell, then secrets']", []Failure{{
			Message: `"Shell, then secrets" did not match, expected at least once`,
			Details: []string{"every step matched, but not in this order, within this time and for the same process, container or value"},
		}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := parseCase(t, tc.records, tc.alerts)
			res, err := Run(ruleset(t), f.Cases[0])
			require.NoError(t, err)
			assert.Equal(t, tc.want, res.Failures)
		})
	}
}

func TestRunTrace(t *testing.T) {
	f := parseCase(t, "{op: EXEC, process: sh}", "{Shell: 1}")
	var data bytes.Buffer
	w, err := avro.NewWriter(&data, avro.WriterOptions{})
	require.NoError(t, err)
	for _, rec := range f.Cases[0].Records {
		require.NoError(t, w.Write(rec))
	}
	require.NoError(t, w.Close())
	path := filepath.Join(t.TempDir(), "t.sf")
	c := &Case{Name: "recorded", Trace: path, Alerts: f.Cases[0].Alerts}
	_, err = Run(ruleset(t), c)
	require.ErrorIs(t, err, os.ErrNotExist)

	require.NoError(t, os.WriteFile(path, data.Bytes(), 0o600))
	res, err := Run(ruleset(t), c)
	require.NoError(t, err)
	assert.Equal(t, &Result{Records: 1, Alerts: map[string]int{"Shell": 1}}, res)

	require.NoError(t, os.WriteFile(path, []byte("no trace"), 0o600))
	_, err = Run(ruleset(t), c)
	require.Error(t, err)
}

func TestUnknownRules(t *testing.T) {
	f := parseCase(t, "", "[Shel]")
	f.Cases[0].About = []Expectation{{Rule: "Shell"}, {Rule: "Something else"}}
	assert.Equal(t, []string{
		`error: no rule is named "Something else" [LOAD_ERR_VALIDATE]`,
		`f.yaml:5:12: error: no rule is named "Shel"; did you mean "Shell"? [LOAD_ERR_VALIDATE]`,
	}, texts(f.UnknownRules(ruleset(t))))
}

func TestHasCases(t *testing.T) {
	for text, want := range map[string]bool{
		"policies: [a]\ncases:\n- name: a\n": true, "'cases' : []": true, "- rule: cases:\n  cases: x\n": false, "# cases:\n- list: a\n": false,
	} {
		assert.Equal(t, want, HasCases([]byte(text)), text)
	}
}
