package syntax

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// ruleFile returns the items of a rule file that stands beside the repository.
func ruleFile(t testing.TB, name string) []map[string]any {
	t.Helper()
	dir := os.Getenv("SYSFLOW_RULES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "rules")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		t.Skipf("%s is not there (SYSFLOW_RULES names its folder)", name)
	}
	require.NoError(t, err)
	// SysFlow policies need not be YAML: some items are indented by one blank, and a name may
	// have a colon. The rules package knows; here the conditions are of interest.
	text = regexp.MustCompile(`(?m)^ (- | {2}items:)`).ReplaceAll(text, []byte("$1"))
	text = regexp.MustCompile(`(?m)^(- rule| {2}desc): ([^>].*)$`).ReplaceAll(text, []byte("$1: >\n      $2"))
	var items []map[string]any
	require.NoError(t, yaml.Unmarshal(text, &items))
	return items
}

// conditions returns the conditions of a rule file.
func conditions(t testing.TB, name string) []string {
	t.Helper()
	var texts []string
	for _, item := range ruleFile(t, name) {
		if c, ok := item["condition"].(string); ok {
			texts = append(texts, c)
		}
	}
	require.Greater(t, len(texts), 50)
	return texts
}

func TestFalcoRules(t *testing.T) {
	for _, text := range conditions(t, "falco_rules.yaml") {
		n, err := ParseCondition(text, nil)
		if assert.Nil(t, err, text) {
			assertSame(t, n)
		}
	}
	for _, item := range ruleFile(t, "falco_rules.yaml") {
		if output, ok := item["output"].(string); ok {
			_, err := ParseTemplate(output, nil)
			assert.Nil(t, err, output)
		}
	}
}

func TestSysFlowPolicy(t *testing.T) {
	for _, text := range conditions(t, "sysflow_ttps.yaml") {
		n, err := ParseCondition(text, nil)
		if assert.Nil(t, err, text) {
			assertSame(t, n)
		}
	}
}
