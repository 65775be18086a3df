package rules

import (
	"os"
	"path/filepath"
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

// noNames fails if a macro is left in a condition.
func noNames(t *testing.T, n syntax.Node) {
	t.Helper()
	switch n := n.(type) {
	case *syntax.And:
		for _, o := range n.Operands {
			noNames(t, o)
		}
	case *syntax.Or:
		for _, o := range n.Operands {
			noNames(t, o)
		}
	case *syntax.Not:
		noNames(t, n.Operand)
	case *syntax.Check:
	default:
		t.Errorf("a %T is left at %s", n, n.Pos())
	}
}

func count(list diag.List, code diag.Code) int {
	n := 0
	for _, d := range list {
		if d.Code == code {
			n++
		}
	}
	return n
}

func TestFalcoFile(t *testing.T) {
	set, found := Load([]File{sharedFile(t, "falco_rules.yaml")})
	require.NoError(t, found.Err())
	for _, d := range found {
		t.Log(d.Error())
	}
	assert.Len(t, set.Rules, 25)
	assert.Len(t, set.Macros, 87)
	assert.Len(t, set.Lists, 49)
	for _, r := range set.Rules {
		noNames(t, r.Condition)
	}
}

func TestSysFlowFile(t *testing.T) {
	set, found := Load([]File{sharedFile(t, "sysflow_ttps.yaml")})
	require.NoError(t, found.Err())
	for _, d := range found {
		t.Log(d.Error())
	}
	assert.Len(t, set.Rules, 52)
	assert.Len(t, set.Macros, 59)
	assert.Len(t, set.Lists, 86)
	for _, r := range set.Rules {
		noNames(t, r.Condition)
		t.Log(r.Pos, r.Name, "|", r.Desc, "|", r.ConditionText)
	}
}
