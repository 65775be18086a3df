package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// execute runs the command and returns what it prints, and its exit status.
func execute(args ...string) (output string, status int) {
	r := clitest.Run(NewCommand(), args...)
	return r.All, r.Status
}

func TestBadFiles(t *testing.T) {
	t.Chdir("testdata") // so that the paths in messages are short
	files, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		t.Run(f, func(t *testing.T) {
			got, status := execute("--coverage", f)
			clitest.Golden(t, strings.TrimSuffix(f, ".yaml")+".txt", got)
			want := cli.StatusError
			if slices.Contains([]string{"warnings.yaml", "not_yaml.yaml", "never.yaml"}, f) {
				want = cli.StatusOK
			}
			assert.Equal(t, want, status)
		})
	}
}

func TestJSON(t *testing.T) {
	t.Chdir("testdata")
	for _, f := range []string{"warnings.yaml", "undefined.yaml"} {
		got, _ := execute("--coverage", "--format", "json", f)
		assert.True(t, json.Valid([]byte(got)), f)
		clitest.Golden(t, strings.TrimSuffix(f, ".yaml")+".json", got)
	}
}

func TestStatus(t *testing.T) {
	t.Chdir("testdata")
	for _, tc := range []struct {
		args   []string
		status int
		text   string
	}{
		{[]string{"warnings.yaml"}, cli.StatusOK, "0 errors"},
		{[]string{"--strict", "warnings.yaml"}, cli.StatusError, "0 errors"},
		{[]string{"nothing.yaml", "neither/"}, cli.StatusError, "2 errors, 0 warnings: nothing can be loaded"},
		{[]string{"--format", "json", "nothing.yaml"}, cli.StatusError, `"code": "LOAD_ERR_FILE_READ"`},
		{nil, cli.StatusUsage, "name rule files or directories"},
		{[]string{"--format", "xml", "warnings.yaml"}, cli.StatusUsage, `"xml" is neither text nor json`},
	} {
		got, status := execute(tc.args...)
		assert.Equal(t, tc.status, status, tc.args)
		assert.Contains(t, got, tc.text, tc.args)
	}
	loud, _ := execute("warnings.yaml")
	quiet, _ := execute("-q", "warnings.yaml")
	assert.Contains(t, loud, "warning: ")
	assert.NotContains(t, quiet, "warning: ")
}

// TestUnreadable: what is wrong with the other files is told too, but nothing is loaded.
func TestUnreadable(t *testing.T) {
	t.Chdir("testdata")
	got, status := execute("--coverage", "undefined.yaml", "nothing.yaml", "warnings.yaml")
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "nothing.yaml: no such file")
	assert.Contains(t, got, "undefined.yaml:")
	assert.Contains(t, got, "warnings.yaml:")
	assert.Contains(t, got, "nothing can be loaded")
	got, status = execute("--coverage", "warnings.yaml", "nothing.yaml")
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "warnings.yaml:")
	assert.NotContains(t, got, "Coverage of")
}

// TestLargeFile: a rule file as large as can be is checked like any other.
func TestLargeFile(t *testing.T) {
	var b strings.Builder
	for i := 0; b.Len() < rules.MaxFileSize-20_000; i++ {
		fmt.Fprintf(&b, "- list: list_%d\n  items: [%s]\n", i, strings.Repeat(strings.Repeat("x", 500)+", ", 20)+"last")
	}
	b.WriteString("- rule: Large\n  desc: d\n  condition: sf.proc.name in (list_0, list_1) and sf.proc.nam = x\n  priority: low\n")
	path := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	got, status := execute("-q", path)
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "sf.proc.nam")
	assert.Contains(t, got, "1 error, ")
}

// TestDeepCondition: nesting beyond the limit is an error, not a crash.
func TestDeepCondition(t *testing.T) {
	const depth = 100_000
	condition := strings.Repeat("(", depth) + "sf.type = PE" + strings.Repeat(")", depth)
	path := filepath.Join(t.TempDir(), "deep.yaml")
	require.NoError(t, os.WriteFile(path, []byte("- rule: Deep\n  desc: d\n  condition: "+condition+"\n  priority: low\n"), 0o600))
	got, status := execute(path)
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "1 error, 0 warnings")
	assert.Less(t, len(got), 2000, "only the part of the line around the error is shown")
}

// TestFalcoCoverage: every rule of Falco's stable file can match.
func TestFalcoCoverage(t *testing.T) {
	path := sharedtest.Rules(t, "falco_rules.yaml")
	got, status := execute("--coverage", "--format", "json", path)
	require.Equal(t, cli.StatusOK, status)
	var r jsonReport
	require.NoError(t, json.Unmarshal([]byte(got), &r))
	for _, c := range r.Coverage {
		assert.Contains(t, []string{"exact", "approximate"}, c.Coverage, c.Rule)
		assert.Empty(t, c.Unrecorded, c.Rule)
	}
	assert.Len(t, r.Coverage, 25)
}

func TestSysFlowCoverage(t *testing.T) {
	got, status := execute("--coverage", "-q", sharedtest.Rules(t, "sysflow_ttps.yaml"))
	require.Equal(t, cli.StatusOK, status)
	assert.Contains(t, got, "0 blocked")
}

// TestWriteFails: what cannot be written is an error.
func TestWriteFails(t *testing.T) {
	r := inspect([]string{filepath.Join("testdata", "warnings.yaml")})
	for _, o := range []*options{{format: "text"}, {format: "json"}} {
		assert.ErrorIs(t, r.write(full{}, o), errFull)
	}
}

var errFull = errors.New("no space left on device")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
