package sysflowavroexporter

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func value(n int64) []metricdata.DataPoint[int64] {
	return []metricdata.DataPoint[int64]{{Value: n}}
}

func valueOf(n int64, key, attr string) []metricdata.DataPoint[int64] {
	return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(attribute.String(key, attr))}}
}

// assertNoMetric checks that nothing was ever counted.
func assertNoMetric(t *testing.T, exp *subject, name string) {
	t.Helper()
	_, err := exp.tel.GetMetric(name)
	assert.Error(t, err, name)
}

func totalSize(t *testing.T, dir string) int64 {
	t.Helper()
	var sum int64
	for _, name := range names(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		sum += info.Size()
	}
	return sum
}
