package policytest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
)

// TestFalcoRules runs cases against Falco's stable rules as Falco publishes them.
func TestFalcoRules(t *testing.T) {
	files, err := policy.ReadFiles([]string{sharedtest.Rules(t, "falco_rules.yaml")})
	require.NoError(t, err)
	set, found := policy.Load(files)
	require.NoError(t, found.Err())
	f, found := Read(filepath.Join("testdata", "falco.yaml"))
	require.NoError(t, found.Err())
	assert.Empty(t, f.UnknownRules(set))
	for _, c := range f.Cases {
		t.Run(c.Name, func(t *testing.T) {
			result, err := Run(set, c)
			require.NoError(t, err)
			for _, failure := range result.Failures {
				t.Errorf("%s\n%s", failure.Message, strings.Join(failure.Details, "\n"))
			}
		})
	}
}
