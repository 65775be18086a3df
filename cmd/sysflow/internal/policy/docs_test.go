package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
)

func execute(args ...string) (output string, status int) {
	r := clitest.Run(NewCommand(), args...)
	return r.All, r.Status
}

func TestCommand(t *testing.T) {
	out, status := execute()
	assert.Equal(t, cli.StatusOK, status)
	assert.Contains(t, out, "docs/policy.md")
	out, status = execute("chek")
	assert.Equal(t, cli.StatusUsage, status)
	assert.Contains(t, out, `unknown command "chek"`)
}

// block returns the code between a marker and <!-- end --> of the guide.
func block(t *testing.T, guide, marker string) string {
	t.Helper()
	_, rest, found := strings.Cut(guide, "<!-- "+marker+" -->\n```")
	require.True(t, found, marker)
	text, _, found := strings.Cut(rest, "```\n<!-- end -->")
	require.True(t, found, marker)
	_, text, _ = strings.Cut(text, "\n") // behind the name of the language
	return text
}

// TestGuide: the rules and cases of the guide are good, and a failure looks as it says.
func TestGuide(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "docs", "policy.md"))
	require.NoError(t, err)
	guide := string(data)
	t.Chdir(t.TempDir())
	write := func(name, text string) { require.NoError(t, os.WriteFile(name, []byte(text), 0o600)) }
	write("rules.yaml", block(t, guide, "rules.yaml"))
	write("cases.yaml", block(t, guide, "cases.yaml"))
	write("failing.yaml", `policies: [rules.yaml]
cases:
  - name: a shell below vim
    processes:
      vim: {exe: /usr/bin/vim}
      sh: {parent: vim, exe: /bin/sh}
    records:
      - {op: EXEC, process: sh}
    alerts: [Web server runs a shell]
`)
	out, status := execute("check", "--strict", "rules.yaml")
	assert.Equal(t, cli.StatusOK, status, out)
	out, status = execute("test", "cases.yaml")
	assert.Equal(t, cli.StatusOK, status, out)
	out, status = execute("test", "failing.yaml")
	assert.Equal(t, cli.StatusError, status)
	assert.Equal(t, block(t, guide, "output of a failure"), regexp.MustCompile(`\d\.\d{3}s`).ReplaceAllString(out, "0.000s"))
	out, status = execute("explain", "-p", "rules.yaml", "Web shell calls out")
	assert.Equal(t, cli.StatusOK, status, out)
}
