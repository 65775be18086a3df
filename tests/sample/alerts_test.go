package sample

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/lineage"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// Whoever may not capture sees the rules at work on the sample.
func TestSampleRaisesAlerts(t *testing.T) {
	files, err := policy.ReadFiles([]string{filepath.Join("..", "..", "policies")})
	require.NoError(t, err)
	set, found := policy.Load(files)
	require.NoError(t, found.Err())

	f, err := os.Open(filepath.Join("..", "..", "distributions", "otelcol-sysflow", "sample.sf"))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	r, err := avro.NewReader(f, avro.ReaderOptions{Name: f.Name()})
	require.NoError(t, err)

	stream, evaluator := lineage.NewStream(), set.NewEvaluator(policy.Options{})
	var names []string
	for rec, err := range r.All() {
		require.NoError(t, err)
		if o, ok := stream.Observe(rec); ok {
			evaluator.Evaluate(evaluator.Subject(o.Process), o, func(a *policy.Alert) { names = append(names, a.Rule.Name) })
		}
	}
	assert.Contains(t, names, "Program started from shared memory")
	assert.Contains(t, names, "Password hashes read by an unusual program")
}
