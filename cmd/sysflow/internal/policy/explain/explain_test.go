package explain

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/reach"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

func execute(args ...string) (output string, status int) {
	r := clitest.Run(NewCommand(), args...)
	return r.All, r.Status
}

func TestGolden(t *testing.T) {
	t.Chdir("testdata")
	for _, name := range []string{"Shell", "Write", "Big", "Impossible", "Kubernetes", "Drop and run", "Backups", "system_file", "all_shells"} {
		got, status := execute("-p", "rules.yaml", name)
		assert.Equal(t, cli.StatusOK, status, name)
		clitest.Golden(t, strings.ReplaceAll(strings.ToLower(name), " ", "_")+".txt", got)
	}
}

func TestUsage(t *testing.T) {
	t.Chdir("testdata")
	for _, tc := range []struct {
		args   []string
		status int
		text   string
	}{
		{[]string{"-p", "rules.yaml"}, cli.StatusUsage, "name one rule"},
		{[]string{"Shell"}, cli.StatusUsage, "name the rules with -p"},
		{[]string{"-p", "rules.yaml", "Shel"}, cli.StatusUsage, `no rule, drop, macro or list is named "Shel" (did you mean "Shell"?)`},
		{[]string{"-p", "rules.yaml", "all_shels"}, cli.StatusUsage, `(did you mean "all_shells"?)`},
		{[]string{"-p", "rules.yaml", "Backup"}, cli.StatusUsage, `(did you mean "Backups"?)`},
		{[]string{"-p", "rules.yaml", "spawned_precess"}, cli.StatusUsage, `(did you mean "spawned_process"?)`},
		{[]string{"-p", "rules.yaml", "Something else"}, cli.StatusUsage, "no rule, drop, macro or list is named \"Something else\"\n"},
		{[]string{"-p", "nothing.yaml", "Shell"}, cli.StatusError, "nothing.yaml"},
	} {
		got, status := execute(tc.args...)
		assert.Equal(t, tc.status, status, tc.args)
		assert.Contains(t, got, tc.text, tc.args)
	}
}

// TestShared: of all rules of the parent projects the layout is the condition that is
// evaluated, and a rule that is not blocked can match something.
func TestShared(t *testing.T) {
	for _, name := range []string{"falco_rules.yaml", "sysflow_ttps.yaml"} {
		text, err := os.ReadFile(sharedtest.Rules(t, name))
		require.NoError(t, err)
		set, findings := policy.Load([]rules.File{{Name: name, Text: text}})
		require.NotNil(t, set, findings.Err())
		for _, c := range set.Coverage() {
			written := strings.Join(layout(c.Rule.Rule.Condition), " ")
			back, problem := syntax.ParseCondition(written, func(int) diag.Position { return diag.Position{} })
			require.Nil(t, problem, written)
			assert.Equal(t, syntax.Format(c.Rule.Rule.Condition), syntax.Format(back), c.Rule.Name)
			assert.Equal(t, c.Level != policy.Blocked, len(reach.Of(c.Rule.Conditions[0].Expr)) > 0, c.Rule.Name)
		}
	}
}
