package filereceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

func loadConfig(t *testing.T, name string) *Config {
	t.Helper()
	cm, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := cm.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg.(*Config)
}

func TestConfig(t *testing.T) {
	with := func(change func(*Config)) *Config {
		cfg := createDefaultConfig().(*Config)
		change(cfg)
		return cfg
	}
	storageID := component.MustNewIDWithName("file_storage", "replay")
	for name, want := range map[string]*Config{
		"":     with(func(c *Config) { c.Include = []string{"/var/lib/sysflow"} }),
		"exit": with(func(c *Config) { c.Include = []string{"trace.sf"}; c.ExitWhenDone = true }),
		"all": with(func(c *Config) {
			c.Include = []string{"/var/lib/sysflow", "/mnt/traces/**/*.sf"}
			c.Exclude = []string{"*.json", "/mnt/traces/old/**"}
			c.Mode = ModeFollow
			c.PollInterval = 5 * time.Second
			c.SettleTime = 300 * time.Second
			c.DeleteAfterRead = true
			c.QuarantineDirectory = "/var/lib/sysflow/bad"
			c.StorageID = &storageID
			c.Speed = 2.5
			c.BatchSize = 1000
			c.RetryConfig.InitialInterval = 100 * time.Millisecond
			c.RetryConfig.MaxInterval = time.Second
			c.RetryConfig.MaxElapsedTime = time.Minute
		}),
	} {
		t.Run("file/"+name, func(t *testing.T) {
			cfg := loadConfig(t, name)
			assert.Equal(t, want, cfg)
			assert.NoError(t, xconfmap.Validate(cfg))
		})
	}
}

func TestConfigErrors(t *testing.T) {
	for name, want := range map[string][]string{
		"nothing": {"include: must name at least one file, directory or glob"},
		"endless": {"exit_when_done: mode follow never ends, use mode once"},
		"retry":   {"retry_on_failure: 'multiplier' must be non-negative"},
		"wrong": {
			"include::0: must not be empty",
			`include::1: "traces/[a-" is not a valid glob`,
			`exclude::0: "[b-" is not a valid glob`,
			`mode: must be "once" or "follow", is "twice"`,
			"poll_interval: must be positive, is 0s",
			"settle_time: must not be negative, is -1s",
			"speed: must be 0 (as fast as possible) or a positive factor, is -1",
			"batch_size: must be positive, is 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := xconfmap.Validate(loadConfig(t, name))
			for _, text := range want {
				assert.ErrorContains(t, err, text)
			}
		})
	}
}
