package sysflowavroexporter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadata"
)

// defaultsWith returns the default configuration, changed.
func defaultsWith(change func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	return cfg
}

func TestLoadConfig(t *testing.T) {
	cm, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)

	tests := []struct {
		id   component.ID
		want *Config
	}{
		{
			id:   component.NewID(metadata.Type),
			want: defaultsWith(func(c *Config) { c.Directory = "/var/lib/sysflow" }),
		},
		{
			id: component.NewIDWithName(metadata.Type, "all"),
			want: defaultsWith(func(c *Config) {
				c.Directory = "/data/traces"
				c.Filename = "trace.{epoch}"
				c.FileMode = 0o640
				c.ExporterID = "node-7"
				c.NodeIP = "192.0.2.7"
				c.SchemaVersion = 6
				c.Codec = "zstd"
				c.BlockSize = 200_000
				c.MaxOpenFiles = 8
				c.Rotation = RotationConfig{Interval: time.Minute, MaxSize: 1 << 20}
				c.Retention = RetentionConfig{MaxBytes: 1 << 30, MaxFiles: 1000, MaxAge: 7 * 24 * time.Hour}
				c.TimeoutConfig.Timeout = 10 * time.Second
				queue := c.QueueConfig.Get()
				queue.QueueSize = 50_000
				queue.BlockOnOverflow = true
				queue.Batch.Get().FlushTimeout = 250 * time.Millisecond
				c.BackOffConfig.InitialInterval = 2 * time.Second
				c.BackOffConfig.MaxElapsedTime = time.Hour
			}),
		},
		{
			id: component.NewIDWithName(metadata.Type, "synchronous"),
			want: defaultsWith(func(c *Config) {
				c.Directory = "/data/traces"
				c.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]()
				c.BackOffConfig.Enabled = false
			}),
		},
	}
	for _, tt := range tests {
		t.Run(tt.id.String(), func(t *testing.T) {
			sub, err := cm.Sub(tt.id.String())
			require.NoError(t, err)
			cfg := createDefaultConfig()
			require.NoError(t, sub.Unmarshal(cfg))
			require.NoError(t, xconfmap.Validate(cfg))
			assert.Equal(t, tt.want, cfg)
		})
	}
}

func TestValidate(t *testing.T) {
	tests := map[string]struct {
		change func(*Config)
		want   []string
	}{
		"no directory": {func(c *Config) { c.Directory = "" }, []string{"directory: must name"}},
		"template":     {func(c *Config) { c.Filename = "trace.sf" }, []string{"filename: must contain {epoch}"}},
		"mode":         {func(c *Config) { c.FileMode = 0o1777 }, []string{"file_mode: must be a permission", "01777"}},
		"mode unreadable": {
			func(c *Config) { c.FileMode = 0o200 }, []string{"file_mode: must be a permission"},
		},
		"exporter id": {func(c *Config) { c.ExporterID = "a\nb" }, []string{`exporter_id: must not contain control characters, got "a\nb"`}},
		"node ip":     {func(c *Config) { c.NodeIP = "node" }, []string{`node_ip: must be an IP address or empty, got "node"`}},
		"codec":       {func(c *Config) { c.Codec = "gzip" }, []string{`codec: must be one of deflate, null, snappy, zstd, got "gzip"`}},
		"schema version": {
			func(c *Config) { c.SchemaVersion = 4 },
			[]string{"schema_version: must be 5, which upstream's tools read, or 6, which also holds what version 5 cannot say, got 4"},
		},
		"block size": {func(c *Config) { c.BlockSize = 0 }, []string{"block_size: must be positive, got 0"}},
		"open files": {func(c *Config) { c.MaxOpenFiles = -1 }, []string{"max_open_files: must be positive, got -1"}},
		"interval":   {func(c *Config) { c.Rotation.Interval = time.Millisecond }, []string{"rotation::interval: must be 0 (off) or at least 1s, got 1ms"}},
		"max size":   {func(c *Config) { c.Rotation.MaxSize = -1 }, []string{"rotation::max_size: must be 0 (off) or positive, got -1"}},
		"retention": {
			func(c *Config) { c.Retention = RetentionConfig{MaxBytes: -1, MaxFiles: -1, MaxAge: -1} },
			[]string{"retention::max_bytes:", "retention::max_files:", "retention::max_age:"},
		},
		"retention below a file": {
			func(c *Config) { c.Retention.MaxBytes = 1 }, []string{"retention::max_bytes: must be at least rotation::max_size"},
		},
		"consumers": {
			func(c *Config) { c.QueueConfig.Get().NumConsumers = 10 }, []string{"sending_queue::num_consumers: must be 1"},
		},
		"queue": {
			func(c *Config) { c.QueueConfig.Get().QueueSize = 0 }, []string{"sending_queue", "queue_size"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := defaultsWith(func(c *Config) {
				c.Directory = "traces"
				tt.change(c)
			})
			err := xconfmap.Validate(cfg)
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
		})
	}
}

func TestFileModeIsOctal(t *testing.T) {
	cfg := createDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"directory": "d", "file_mode": "rw-------"}).Unmarshal(cfg)
	require.ErrorContains(t, err, "is not an octal number such as 0600")
}
