// Package policies tests the stock rules.
package policies

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
)

func load(t *testing.T, paths ...string) *policy.Ruleset {
	t.Helper()
	files, err := policy.ReadFiles(paths)
	require.NoError(t, err)
	set, found := policy.Load(files)
	for _, d := range found {
		t.Errorf("%s:%d:%d: %s: %s (%s) [%s]", d.Pos.File, d.Pos.Line, d.Pos.Column, d.Item, d.Message, d.Hint, d.Code)
	}
	require.NotNil(t, set)
	return set
}

func TestLoad(t *testing.T) {
	paths, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	set := load(t, paths...)
	for _, c := range set.Coverage() {
		t.Log(c.Rule.Name, c.Level, c.Reasons)
	}
}
