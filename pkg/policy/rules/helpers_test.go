package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// files makes files a.yaml, b.yaml, ... of texts.
func files(texts ...string) []File {
	out := make([]File, len(texts))
	for i, t := range texts {
		out[i] = File{Name: string(rune('a'+i)) + ".yaml", Text: []byte(t)}
	}
	return out
}

// loaded loads texts that must be good.
func loaded(t *testing.T, texts ...string) (*Set, diag.List) {
	t.Helper()
	set, found := Load(files(texts...))
	require.NoError(t, found.Err())
	require.NotNil(t, set)
	return set, found
}

// lines are findings in short: place, code and message, and the hint.
func lines(list diag.List) []string {
	out := []string{}
	for _, d := range list {
		if d.Code == diag.WarnUnusedList || d.Code == diag.WarnUnusedMacro {
			continue
		}
		s := fmt.Sprintf("%s %s: %s", d.Pos, d.Code, d.Message)
		if d.Hint != "" {
			s += "; " + d.Hint
		}
		out = append(out, strings.ReplaceAll(strings.ReplaceAll(s, "LOAD_ERR_", "!"), "LOAD_", ""))
	}
	return out
}

// findingTest is a set of files and all that is found in it; the codes of errors begin with
// "!". An "*" stands for a message of package syntax.
type findingTest struct {
	name  string
	texts []string
	want  []string
}

func runFindings(t *testing.T, tests []findingTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, found := Load(files(tt.texts...))
			got := lines(found)
			for i := range min(len(got), len(tt.want)) {
				if start, ok := strings.CutSuffix(tt.want[i], "*"); ok && strings.HasPrefix(got[i], start) {
					got[i] = tt.want[i]
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

const plainRule = "- rule: R\n  desc: d\n  condition: proc.name = a\n  output: o\n  priority: error\n"

// unquoted formats a condition without the quotes that values of lists get.
func unquoted(n syntax.Node) string { return unquotedText(syntax.Format(n)) }

func unquotedText(text string) string { return strings.ReplaceAll(text, `"`, "") }
