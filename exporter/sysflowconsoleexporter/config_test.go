package sysflowconsoleexporter

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// defaultsWith returns the default configuration, changed.
func defaultsWith(change func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	return cfg
}

func synchronous(c *Config) { c.QueueConfig = configoptional.None[exporterhelper.QueueBatchConfig]() }

func TestLoadConfig(t *testing.T) {
	cm, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)

	tests := []struct {
		id   component.ID
		want *Config
	}{
		{
			id:   component.NewID(metadata.Type),
			want: defaultsWith(func(*Config) {}),
		},
		{
			id: component.NewIDWithName(metadata.Type, "all"),
			want: defaultsWith(func(c *Config) {
				c.Output = OutputStderr
				c.Color = terminal.ColorNever
				c.Types = []string{"PE", "NF"}
				c.QueueConfig.Get().QueueSize = 50_000
				c.QueueConfig.Get().BlockOnOverflow = false
			}),
		},
		{
			id: component.NewIDWithName(metadata.Type, "synchronous"),
			want: defaultsWith(func(c *Config) {
				c.Color = terminal.ColorAlways
				synchronous(c)
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
		"output":    {func(c *Config) { c.Output = "/dev/tty" }, []string{`output: must be stdout or stderr, got "/dev/tty"`}},
		"color":     {func(c *Config) { c.Color = "yes" }, []string{`color: must be auto, always or never, got "yes"`}},
		"types":     {func(c *Config) { c.Types = []string{"PE", "pe"} }, []string{`types::1: must be one of PE, NF, FF, FE, NE, PF, KE, GAP, got "pe"`}},
		"entities":  {func(c *Config) { c.Types = []string{"P"} }, []string{`types::0: must be one of`}},
		"consumers": {func(c *Config) { c.QueueConfig.Get().NumConsumers = 2 }, []string{"sending_queue::num_consumers: must be 1"}},
		"queue":     {func(c *Config) { c.QueueConfig.Get().QueueSize = 0 }, []string{"sending_queue", "queue_size"}},
		"all at once": {
			func(c *Config) { c.Output, c.Color, c.Types = "", "", []string{""} },
			[]string{"output:", "color:", "types::0:"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := xconfmap.Validate(defaultsWith(tt.change))
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	all := defaultsWith(func(*Config) {}).wanted()
	some := defaultsWith(func(c *Config) { c.Types = []string{"PE", "KE"} }).wanted()
	for k := range sysflow.Kind(sysflow.NumKinds) {
		assert.Equal(t, !k.IsEntity(), all[k], k)
		assert.Equal(t, k == sysflow.KindProcessEvent || k == sysflow.KindK8sEvent, some[k], k)
	}
}
