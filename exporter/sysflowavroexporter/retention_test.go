package sysflowavroexporter

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadatatest"
)

func TestSurplus(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	files := func() []completed {
		return []completed{
			{"c", 30, now.Add(-time.Minute)},
			{"a", 10, now.Add(-3 * time.Minute)},
			{"b", 20, now.Add(-2 * time.Minute)},
			{"d", 40, now.Add(-time.Minute)},
		}
	}
	tests := map[string]struct {
		keep RetentionConfig
		want []string
	}{
		"all fit":              {RetentionConfig{MaxBytes: 100, MaxFiles: 4, MaxAge: 3 * time.Minute}, nil},
		"bytes":                {RetentionConfig{MaxBytes: 89}, []string{"a", "b"}},
		"files":                {RetentionConfig{MaxFiles: 1}, []string{"a", "b", "c"}},
		"age":                  {RetentionConfig{MaxAge: 150 * time.Second}, []string{"a"}},
		"the strictest counts": {RetentionConfig{MaxBytes: 95, MaxFiles: 2, MaxAge: time.Hour}, []string{"a", "b"}},
		"nothing fits":         {RetentionConfig{MaxBytes: 1}, []string{"a", "b", "c", "d"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range surplus(files(), tt.keep, now) {
				got = append(got, f.name)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestRetentionDeletesOnlyOwnCompleteFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		foreign := []string{"notes.txt", "web.sf", ".hidden.1.sf"}
		for i, name := range append(foreign, "web.100.sf", "web.200.sf", "web.300.sf") {
			path := filepath.Join(dir, name)
			require.NoError(t, os.WriteFile(path, make([]byte, 1000), 0o600))
			modified := time.Now().Add(time.Duration(i-20) * time.Minute)
			require.NoError(t, os.Chtimes(path, modified, modified))
		}
		require.NoError(t, os.Mkdir(filepath.Join(dir, "web.50.sf"), 0o700))

		exp := startExporter(t, dir, func(c *Config) { c.Retention.MaxFiles = 2 })
		assert.Subset(t, names(t, dir), append(foreign, "web.50.sf", "web.200.sf", "web.300.sf"))
		assert.NotContains(t, names(t, dir), "web.100.sf")
		exp.shutdown(t)
		metadatatest.AssertEqualSysflowAvroDeletedFiles(t, exp.tel, value(1), metricdatatest.IgnoreTimestamp())
	})
}

// All files are opened within one second: the name of a deleted one does not come back.
func TestRetentionAfterRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		exp := startExporter(t, t.TempDir(), func(c *Config) {
			c.Rotation.MaxSize = 12_000
			c.Retention.MaxBytes = 40_000
		})
		want := lasting(4000)
		exp.consume(t, encode(want, 100)...)
		exp.shutdown(t)
		assert.LessOrEqual(t, totalSize(t, exp.dir), int64(40_000))
		all, left := observe(want), observe(readDir(t, exp.dir))
		require.NotEmpty(t, left)
		require.Less(t, len(left), len(all))
		sameEvents(t, all[len(all)-len(left):], left) // the newest stay
	})
}

func TestRetentionByAgeNeedsNoData(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "web.100.sf")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	info, err := os.Stat(path)
	require.NoError(t, err)
	exp := startExporter(t, dir, func(c *Config) { c.Retention.MaxAge = time.Hour })
	assert.FileExists(t, path)
	exp.shutdown(t)

	own := newExporterAt(t, dir, func(c *Config) { c.Retention.MaxAge = time.Hour })
	own.tick(info.ModTime().Add(time.Hour + time.Second))
	assert.NoFileExists(t, path)
}
