package doctor

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/cli"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
)

var (
	kernel = capture.Result{Name: "kernel", OK: true, Detail: "Linux 6.18.5"}
	btf    = capture.Result{Name: "type information (BTF)", OK: true, Detail: "/sys/kernel/btf/vmlinux"}
	rights = capture.Result{Name: "rights", Detail: "CAP_BPF is missing", Remedy: "run it as root"}
	trial  = capture.Result{Name: "trial capture", Detail: "the programs cannot be started:\n  line 1\n  line <2>"}
)

// execute runs the command on given results.
func execute(t *testing.T, results []capture.Result, args ...string) (string, error) {
	t.Helper()
	cmd := newCommand(func() []capture.Result { return results })
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err := cmd.Execute()
	return out.String(), err
}

func TestText(t *testing.T) {
	for _, tc := range []struct {
		name    string
		results []capture.Result
		args    []string
		want    string
		err     error
	}{
		{
			"all fine",
			[]capture.Result{kernel, btf},
			nil,
			"ok    kernel                  Linux 6.18.5\n" +
				"ok    type information (BTF)  /sys/kernel/btf/vmlinux\n" +
				"\nLive capture is possible on this host.\n",
			nil,
		},
		{
			"remedy",
			[]capture.Result{kernel, btf, rights},
			nil,
			"ok    kernel                  Linux 6.18.5\n" +
				"ok    type information (BTF)  /sys/kernel/btf/vmlinux\n" +
				"FAIL  rights                  CAP_BPF is missing\n" +
				"                              remedy: run it as root\n" +
				"\nLive capture is not possible here: 1 of 3 checks failed.\n",
			cli.ErrReported,
		},
		{
			"several lines, no remedy",
			[]capture.Result{trial},
			nil,
			"FAIL  trial capture  the programs cannot be started:\n" +
				"                     line 1\n" +
				"                     line <2>\n" +
				"\nLive capture is not possible here: 1 of 1 checks failed.\n",
			cli.ErrReported,
		},
		{
			"nothing to say",
			[]capture.Result{{Name: "kernel", OK: true}},
			nil,
			"ok    kernel\n\nLive capture is possible on this host.\n",
			nil,
		},
		{
			"colours",
			[]capture.Result{kernel, rights},
			[]string{"--color", "always"},
			"\x1b[32mok\x1b[0m    kernel  Linux 6.18.5\n" +
				"\x1b[31mFAIL\x1b[0m  rights  CAP_BPF is missing\n" +
				"              \x1b[1mremedy:\x1b[0m run it as root\n" +
				"\n\x1b[31mLive capture is not possible here\x1b[0m: 1 of 2 checks failed.\n",
			cli.ErrReported,
		},
		{"quiet", []capture.Result{kernel}, []string{"-q"}, "", nil},
		{"quiet failure", []capture.Result{rights}, []string{"-q", "-o", "json"}, "", cli.ErrReported},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := execute(t, tc.results, tc.args...)
			require.ErrorIs(t, err, tc.err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestJSON(t *testing.T) {
	got, err := execute(t, []capture.Result{kernel, trial, rights}, "-o", "json")
	require.ErrorIs(t, err, cli.ErrReported)
	var doc document
	require.NoError(t, json.Unmarshal([]byte(got), &doc))
	assert.Equal(t, document{Checks: []checkItem{checkItem(kernel), checkItem(trial), checkItem(rights)}}, doc)
	assert.Contains(t, got, "<2>")
	assert.Equal(t, 1, strings.Count(got, `"remedy"`), "only where there is one")

	got, err = execute(t, []capture.Result{kernel}, "-o", "json")
	require.NoError(t, err)
	assert.JSONEq(t, `{"ok":true,"checks":[{"name":"kernel","ok":true,"detail":"Linux 6.18.5"}]}`, got)
}

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"-o", "xml"}, `--output: unknown format "xml"; formats are text, json`},
		{[]string{"--color", "blue"}, `--color: "blue" is neither auto, nor always, nor never`},
		{[]string{"now"}, `unexpected argument "now"`},
	} {
		_, err := execute(t, nil, tc.args...)
		var usage *cli.UsageError
		require.ErrorAs(t, err, &usage, tc.args)
		assert.EqualError(t, err, tc.want)
	}
}

func TestFailingOutput(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	defer w.Close()
	for _, format := range []string{"text", "json"} {
		cmd := newCommand(func() []capture.Result { return []capture.Result{rights} })
		cmd.SetOut(w)
		cmd.SetArgs([]string{"-o", format})
		cmd.SilenceErrors, cmd.SilenceUsage = true, true
		err = cmd.Execute()
		require.Error(t, err)
		assert.NotErrorIs(t, err, cli.ErrReported, "that the pipe is closed")
	}
}
