package run

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli/clitest"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/policytest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

func execute(args ...string) (stdout, stderr string, status int) {
	r := clitest.Run(NewCommand(), args...)
	return r.Stdout, r.Stderr, r.Status
}

// writeTraces makes traces of the cases in testdata, one file for each, and returns their folder.
func writeTraces(t *testing.T) string {
	t.Helper()
	file, findings := policytest.Read(filepath.Join("testdata", "traces.yaml"))
	require.Empty(t, findings)
	dir := t.TempDir()
	for _, c := range file.Cases {
		out, err := os.Create(filepath.Join(dir, c.Name))
		require.NoError(t, err)
		w, err := avro.NewWriter(out, avro.WriterOptions{})
		require.NoError(t, err)
		for _, rec := range c.Records {
			require.NoError(t, w.Write(rec))
		}
		require.NoError(t, w.Close())
		require.NoError(t, out.Close())
	}
	return dir
}

func TestGolden(t *testing.T) {
	traces := writeTraces(t)
	t.Chdir("testdata")
	for name, args := range map[string][]string{
		"table.txt":     {"-o", "table"},
		"alerts.json":   {},
		"flat.json":     {"-o", "flatjson", "-c", "ts,rule.name,rule.tags,rule.techniques,steps,proc.exe"},
		"alerts.csv":    {"-o", "csv", "-c", "ts_uts,rule.name,rule.priority,rule.source,output"},
		"lines.txt":     {"-o", "lines"},
		"count.txt":     {"--count"},
		"count.json":    {"--count", "-o", "json"},
		"chosen.txt":    {"-o", "table", "-c", "rule.name,res", "--rule", "Web*", "--rule", "Sensitive file read"},
		"first.txt":     {"-o", "table", "-c", "rule.name,res", "--first"},
		"limit.txt":     {"-o", "lines", "-n", "2"},
		"colour.txt":    {"-o", "table", "-c", "type,rule.priority,rule.name", "--color", "always"},
		"width120.txt":  {"-o", "table", "--width", "120"},
		"widthfull.txt": {"-o", "table", "--width", "full"},
	} {
		out, errs, status := execute(append([]string{"-p", "rules.yaml", traces}, args...)...)
		assert.Equal(t, cli.StatusOK, status, name)
		assert.Empty(t, errs, name)
		if strings.HasSuffix(name, ".json") {
			for line := range strings.Lines(out) {
				assert.True(t, json.Valid([]byte(line)), line)
			}
		}
		clitest.Golden(t, name, out)
	}
}

func TestUsage(t *testing.T) {
	traces := writeTraces(t)
	t.Chdir("testdata")
	p := []string{"-p", "rules.yaml"}
	for _, tc := range []struct {
		args   []string
		status int
		text   string
	}{
		{[]string{traces}, cli.StatusUsage, "name the rules with -p"},
		{append(p, "-o", "xml", traces), cli.StatusUsage, `--output: unknown format "xml"`},
		{append(p, "--count", "-o", "csv", traces), cli.StatusUsage, "with --count the formats are table and json"},
		{append(p, "-o", "lines", "-c", "ts", traces), cli.StatusUsage, "lines have no fields"},
		{append(p, "-c", "proc.exee", traces), cli.StatusUsage, `--fields: unknown field "proc.exee"`},
		{append(p, "-n", "-1", traces), cli.StatusUsage, "--limit: -1 is below 0"},
		{append(p, "-o", "table", "--width", "0", traces), cli.StatusUsage, "--width"},
		{append(p, "-o", "table", "--color", "blue", traces), cli.StatusUsage, "--color"},
		{append(p, "--rule", "Sensitive file reed", traces), cli.StatusUsage, `no rule is named "Sensitive file reed" (did you mean "Sensitive file read"?)`},
		{append(p, "--rule", "[", traces), cli.StatusUsage, `"[" is no pattern`},
		{[]string{"-p", "nothing.yaml", traces}, cli.StatusError, "nothing.yaml"},
		{[]string{"-p", "traces.yaml", traces}, cli.StatusError, "no rules were loaded"},
		{append(p, "nothing.sf"), cli.StatusError, "nothing.sf"},
		{append(p, "rules.yaml"), cli.StatusError, "rules.yaml"},
	} {
		out, errs, status := execute(tc.args...)
		assert.Equal(t, tc.status, status, tc.args)
		assert.Empty(t, out, tc.args)
		assert.Contains(t, errs, tc.text, tc.args)
	}
}

// TestFaults: what precedes a fault counts, and the other files do.
func TestFaults(t *testing.T) {
	dir := writeTraces(t)
	path := filepath.Join(dir, "trace.1.sf")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "trace.0.sf"), data[:len(data)-20], 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "trace.3.sf"), nil, 0o600))
	out, errs, status := execute("-p", filepath.Join("testdata", "rules.yaml"), "--count", dir)
	assert.Equal(t, cli.StatusError, status)
	assert.Contains(t, errs, "trace.0.sf")
	assert.Contains(t, errs, "trace.3.sf is empty")
	assert.Contains(t, out, "alerts of 4 rules")
}

func TestList(t *testing.T) {
	out, _, status := execute("--list")
	assert.Equal(t, cli.StatusOK, status)
	assert.Contains(t, out, "rule.techniques")
}

// TestShared: the rules of the parent projects find what they are about in the traces of theirs.
func TestShared(t *testing.T) {
	for _, tc := range []struct{ rules, trace, want string }{
		{"sysflow_ttps.yaml", "express-attack.v1000.sf", "Suspicious process spawned"},
		{"sysflow_ttps.yaml", "setuid.v5.sf", "Non sudo setuid"},
		{"falco_rules.yaml", "express-attack.v1000.sf", "0  alerts of 0 rules, from 6325 records"},
	} {
		out, errs, status := execute("-p", sharedtest.Rules(t, tc.rules), "--count", sharedtest.Trace(t, "sf/"+tc.trace))
		assert.Equal(t, cli.StatusOK, status, errs)
		assert.Contains(t, out, tc.want)
	}
}

// TestForgotten: that processes were forgotten for lack of room is told, and is no error.
func TestForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace.sf")
	file, err := os.Create(path)
	require.NoError(t, err)
	w, err := avro.NewWriter(file, avro.WriterOptions{})
	require.NoError(t, err)
	for pid := range int64(2*recent.DefaultLimit + 2) {
		require.NoError(t, w.Write(&sysflow.Process{OID: sysflow.OID{HPID: pid, CreateTS: 1}}))
	}
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())
	rules := filepath.Join("testdata", "rules.yaml")
	_, errs, status := execute("-p", rules, "--count", path)
	assert.Equal(t, cli.StatusOK, status)
	assert.Contains(t, errs, fmt.Sprintf("run: warning: too many processes, %d were forgotten", recent.DefaultLimit+1))
}
