package field

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/syntax"
)

// Everything that looks like a field in the shared rule files is one.
func TestFieldsOfStockRulesAreKnown(t *testing.T) {
	dir := cmp.Or(os.Getenv("SYSFLOW_RULES"), filepath.Join("..", "..", "..", "..", "shared", "rules"))
	named := regexp.MustCompile(`\b((?:srf|sf(?:-process)?|evt|fd|fs|proc|thread|user|group|container|k8s)\.[a-z0-9_.]*[a-z0-9_])(?:\[([^]]*)\])?(?:=| |\)|$)`)
	comment := regexp.MustCompile(`(?m)^ *#.*|^ +desc:.*|\w*://\S*`)
	for _, file := range []string{"falco_rules.yaml", "sysflow_ttps.yaml"} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Skipf("the shared rule files are not here: %v", err)
		}
		found := 0
		for _, m := range named.FindAllStringSubmatch(string(comment.ReplaceAll(text, nil)), -1) {
			_, problem := Resolve(&syntax.Field{Name: m[1], Arg: m[2], HasArg: m[2] != ""})
			if problem != nil {
				t.Errorf("%s: %s: %s", file, m[0], problem.Message)
			}
			found++
		}
		assert.Greater(t, found, 100)
	}
}
