package casetest

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// execute runs the command and returns what it prints, without times, and its exit status.
func execute(args ...string) (output string, status int) {
	r := clitest.Run(NewCommand(), args...)
	return regexp.MustCompile(`\d+\.\d{3}s`).ReplaceAllString(r.All, "0.000s"), r.Status
}

func TestGolden(t *testing.T) {
	t.Chdir("testdata")
	for name, want := range map[string]int{
		"pass": cli.StatusOK, "fail": cli.StatusError, "unknown": cli.StatusError, "broken": cli.StatusError, "badrules": cli.StatusError,
	} {
		got, status := execute("-v", name+".yaml")
		assert.Equal(t, want, status, name)
		clitest.Golden(t, name+".txt", got)
	}
}

func TestFlags(t *testing.T) {
	t.Chdir("testdata")
	for _, tc := range []struct {
		args   []string
		status int
		text   string
	}{
		{nil, cli.StatusUsage, "name files of test cases or directories"},
		{[]string{"--run", "(", "pass.yaml"}, cli.StatusUsage, "--run: error parsing regexp"},
		{[]string{"--run", "late", "pass.yaml"}, cli.StatusOK, "1 case, 0 failed\n"},
		{[]string{"--run", "zzz", "pass.yaml"}, cli.StatusError, `--run: no case matches "zzz"`},
		{[]string{"pass.yaml"}, cli.StatusOK, "ok\tpass.yaml\t4 cases\t0.000s\n4 cases, 0 failed\n"},
		{[]string{"pass.yaml", "pass.yaml"}, cli.StatusOK, "4 cases, 0 failed\n"},
		{[]string{"-p", "rules.yaml", "badrules.yaml"}, cli.StatusOK, "1 case, 0 failed\n"},
		{[]string{"nothing.yaml", "pass.yaml"}, cli.StatusError, "nothing.yaml"},
		{[]string{"-p", "nothing.yaml", "pass.yaml"}, cli.StatusError, "nothing.yaml"},
	} {
		got, status := execute(tc.args...)
		assert.Equal(t, tc.status, status, tc.args)
		assert.Contains(t, got, tc.text, tc.args)
	}
}

// TestFolder: of a folder only the files that have cases are taken.
func TestFolder(t *testing.T) {
	got, status := execute("testdata")
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "ok\ttestdata/pass.yaml")
	assert.Contains(t, got, "FAIL\ttestdata/fail.yaml")
	assert.NotContains(t, got, "testdata/rules.yaml\t")

	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", ".hidden"), 0o700))
	for path, text := range map[string]string{
		"a/.hidden/cases.yaml": "cases: broken", "a/.cases.yaml": "cases: broken", "a/cases.txt": "cases: broken",
		"a/one.yml": "cases: [{name: a, records: []}]", "rules.yaml": "- drop: d\n  condition: sf.type = PE\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600))
	}
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(dir, link))
	got, status = execute("-p", filepath.Join(dir, "rules.yaml"), link)
	assert.Equal(t, cli.StatusOK, status, got)
	assert.Contains(t, got, "1 case, 0 failed")

	got, status = execute(t.TempDir())
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "0 cases, 0 failed")
}

// TestTrace: records that come from a trace give the same alerts.
func TestTrace(t *testing.T) {
	file, findings := policytest.Read(filepath.Join("testdata", "pass.yaml"))
	require.Empty(t, findings)
	var trace bytes.Buffer
	w, err := avro.NewWriter(&trace, avro.WriterOptions{})
	require.NoError(t, err)
	for _, rec := range file.Cases[0].Records {
		require.NoError(t, w.Write(rec))
	}
	require.NoError(t, w.Close())
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "attack.sf"), trace.Bytes(), 0o600))
	cases := filepath.Join(dir, "cases.yaml")
	text := "cases:\n- {name: recorded, trace: attack.sf, alerts: {Web server runs a shell: 1, Web shell calls out: 1}}\n"
	require.NoError(t, os.WriteFile(cases, []byte(text), 0o600))

	got, status := execute(cases)
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "names no policies")
	got, status = execute("-p", filepath.Join("testdata", "rules.yaml"), cases)
	assert.Equal(t, cli.StatusOK, status, got)

	require.NoError(t, os.WriteFile(cases, []byte(strings.Replace(text, "{Web server runs a shell: 1, ", "{", 1)), 0o600))
	got, status = execute("-p", filepath.Join("testdata", "rules.yaml"), cases)
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, got, "record 1, PE EXEC by /bin/sh -c id: nginx started sh -c id as www-data in web")
}
