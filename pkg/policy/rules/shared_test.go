package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// sharedFile reads one of the published rule files, which are not part of the repository.
func sharedFile(tb testing.TB, name string) File {
	tb.Helper()
	folder := os.Getenv("SYSFLOW_RULES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "rules")
	}
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		tb.Skip("no published rule files here (SYSFLOW_RULES): ", err)
	}
	return File{Name: name, Text: text}
}

// checks calls use for every check of a condition and fails if a macro is left in it.
func checks(t *testing.T, n syntax.Node, use func(*syntax.Check)) {
	t.Helper()
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			checks(t, o, use)
		}
	case *syntax.Or:
		for _, o := range n.Operands {
			checks(t, o, use)
		}
	case *syntax.Not:
		checks(t, n.Operand, use)
	case *syntax.Check:
		use(n)
	default:
		t.Errorf("a %T is left at %s", n, n.Pos())
	}
}

// placed fails unless the fields and literals of a check stand where they say. Literals of
// lists stand in the list.
func placed(t *testing.T, f File, c *syntax.Check) {
	t.Helper()
	lines := strings.Split(string(f.Text), "\n")
	operands := append([]syntax.Operand{c.Left}, c.Right...)
	for _, o := range operands {
		text := ""
		switch o := o.(type) {
		case *syntax.Field:
			text = o.Name
		case *syntax.Literal:
			text = o.Text
		default:
			continue
		}
		at := o.Pos()
		require.Positive(t, at.Line, text)
		rest := lines[at.Line-1][at.Column-1:]
		if i := strings.IndexAny(text, `\"'`); i >= 0 {
			text = text[:i] // what follows may be escaped in the file
		}
		if !strings.HasPrefix(strings.TrimLeft(rest, `"'`), text) {
			t.Errorf("%q is not at %s, but %q", text, at, rest)
		}
	}
}

func TestPublishedFiles(t *testing.T) {
	tests := []struct {
		file                 string
		rules, macros, lists int
		suspicious, unused   int
		notYAML              int
	}{
		{"falco_rules.yaml", 25, 87, 49, 0, 0, 0},
		{"sysflow_ttps.yaml", 52, 59, 86, 4, 35, 1},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			f := sharedFile(t, tt.file)
			set, found := Load([]File{f})
			require.NoError(t, found.Err())
			assert.Len(t, set.Rules, tt.rules)
			assert.Len(t, set.Rules, len(regexp.MustCompile(`(?m)^ *- rule:`).FindAll(f.Text, -1)))
			assert.Len(t, set.Macros, tt.macros)
			assert.Len(t, set.Lists, tt.lists)
			assert.Equal(t, tt.suspicious, countCode(found, diag.WarnSuspiciousLiteral))
			assert.Equal(t, tt.unused, countCode(found, diag.WarnUnusedList)+countCode(found, diag.WarnUnusedMacro))
			assert.Equal(t, tt.notYAML, countCode(found, diag.WarnNotYAML))
			assert.Len(t, found, tt.suspicious+tt.unused+tt.notYAML, "%v", found)
			for _, r := range set.Rules {
				assert.NotEmpty(t, r.Desc)
				assert.NotEmpty(t, r.Tags)
				assert.NotEmpty(t, r.ConditionText)
				line := strings.Split(string(f.Text), "\n")[r.Pos.Line-1]
				assert.Equal(t, "rule: "+r.Name, line[r.Pos.Column-1:])
				checks(t, r.Condition, func(c *syntax.Check) { placed(t, f, c) })
			}
		})
	}
}

func countCode(list diag.List, code diag.Code) int {
	n := 0
	for _, d := range list {
		if d.Code == code {
			n++
		}
	}
	return n
}

// Both files define container, open_write, shell_binaries and more, each in its language.
func TestPublishedFilesTogether(t *testing.T) {
	falco, flow := sharedFile(t, "falco_rules.yaml"), sharedFile(t, "sysflow_ttps.yaml")
	for _, files := range [][]File{{falco, flow}, {flow, falco}} {
		set, found := Load(files)
		require.NoError(t, found.Err())
		assert.Zero(t, countCode(found, diag.WarnRedefinition))
		assert.Len(t, set.Rules, 77)
		for _, r := range set.Rules {
			checks(t, r.Condition, func(c *syntax.Check) { assert.Equal(t, r.Pos.File, c.At.File, r.Name) })
		}
	}
}
