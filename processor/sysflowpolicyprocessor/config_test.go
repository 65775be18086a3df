package sysflowpolicyprocessor

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

func TestLoadConfig(t *testing.T) {
	cm, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	defaults := createDefaultConfig().(*Config)
	with := func(change func(*Config)) *Config {
		cfg := *defaults
		change(&cfg)
		return &cfg
	}
	tests := []struct {
		id   component.ID
		want *Config
	}{
		{component.NewID(metadata.Type), with(func(c *Config) { c.Policies = []string{"/etc/sysflow/policies"} })},
		{component.NewIDWithName(metadata.Type, "all"), &Config{
			Policies:     []string{"/etc/sysflow/policies/*.yaml", "/etc/falco/falco_rules.yaml"},
			Mode:         ModeAlert,
			RuleMatching: MatchFirst,
			Reload:       ReloadConfig{Debounce: 250 * time.Millisecond, PollInterval: time.Minute},
			Dedup:        DedupConfig{Window: 5 * time.Minute, MaxEntries: 1000},
			RateLimit:    RateLimitConfig{PerSecond: 0.5, Burst: 20},
			Sequences:    SequencesConfig{MaxHits: 5000},
		}},
		{component.NewIDWithName(metadata.Type, "bypass"), with(func(c *Config) { c.Mode = ModeBypass })},
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
		"no policies":  {func(c *Config) { c.Policies = nil }, []string{"policies: must name at least one"}},
		"empty policy": {func(c *Config) { c.Policies = []string{"a", " "} }, []string{"policies::1: must not be empty"}},
		"mode":         {func(c *Config) { c.Mode = "drop" }, []string{`mode: must be alert, enrich, filter or bypass, got "drop"`}},
		"matching":     {func(c *Config) { c.RuleMatching = "" }, []string{`rule_matching: must be all or first, got ""`}},
		"reload": {
			func(c *Config) { c.Reload.Debounce, c.Reload.PollInterval = -1, -1 },
			[]string{"reload::debounce: must not be negative, got -1ns", "reload::poll_interval: must be 0 (off) or at least 1s, got -1ns"},
		},
		"polling all the time": {
			func(c *Config) { c.Reload.PollInterval = 1 }, []string{"reload::poll_interval: must be 0 (off) or at least 1s, got 1ns"},
		},
		"dedup": {
			func(c *Config) { c.Dedup.Window, c.Dedup.MaxEntries = -time.Second, 1 },
			[]string{"dedup::window: must be 0 (off) or positive, got -1s", "dedup::max_entries: must be at least 2, got 1"},
		},
		"rate": {
			func(c *Config) { c.RateLimit.PerSecond, c.RateLimit.Burst = -1, -1 },
			[]string{"rate_limit::per_second: must be 0 (off) or a positive number, got -1", "rate_limit::burst: must be 0 (as per_second) or positive"},
		},
		"burst of nothing": {
			func(c *Config) { c.RateLimit.Burst = 5 }, []string{"rate_limit::burst: has no effect without rate_limit::per_second, set that too, got 5"},
		},
		"no number": {
			func(c *Config) { c.RateLimit.PerSecond = math.NaN() }, []string{"rate_limit::per_second: must be 0 (off) or a positive number, got NaN"},
		},
		"sequences": {func(c *Config) { c.Sequences.MaxHits = 0 }, []string{"sequences::max_hits: must be positive, got 0"}},
		"suppression of what there is not": {
			func(c *Config) { c.Mode, c.Dedup.Window, c.RateLimit.PerSecond = ModeEnrich, 1, 1 },
			[]string{"dedup::window: suppresses alerts, which only mode alert raises", "rate_limit::per_second: limits alerts"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := config(tt.change)
			err := xconfmap.Validate(cfg)
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
	for _, interval := range []time.Duration{0, time.Second} {
		require.NoError(t, xconfmap.Validate(config(func(c *Config) { c.Reload.PollInterval = interval })))
	}
}
