package sysflowreceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/xconfmap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

func load(t *testing.T, name string) *Config {
	t.Helper()
	cm, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := cm.Sub(component.NewIDWithName(metadata.Type, name).String())
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, sub.Unmarshal(cfg))
	return cfg
}

func TestConfig(t *testing.T) {
	assert.Equal(t, createDefaultConfig(), load(t, ""))
	require.NoError(t, xconfmap.Validate(load(t, "")))

	all := load(t, "all")
	require.NoError(t, xconfmap.Validate(all))
	assert.Equal(t, &Config{
		Node:   NodeConfig{ID: "node-7", IP: "192.0.2.7"},
		Filter: "user.uid >= 1000 and not proc.name in (runc, pause)",
		Capture: CaptureConfig{
			Mode:           capture.ModeConsume,
			RingBufferSize: 16 << 20, MaxFlows: 1000, MaxArgs: 512, MaxEnv: 256, Pipes: true, Self: true,
			PollInterval: 10 * time.Millisecond,
			Events:       EventsConfig{Personality: true, UnixSockets: true},
		},
		Flow: FlowConfig{
			FirstExport: 2 * time.Second, ExportInterval: 10 * time.Second, IdleTimeout: 20 * time.Second,
			ReadOnlyFiles: flow.DropReadOnlySystem, ThreadEvents: true, MaxProcesses: 100, MaxFiles: 200,
		},
		Containers: ContainersConfig{
			Sockets: []string{"unix:///run/docker.sock", "/run/crio/crio.sock"}, Timeout: 2 * time.Second, MaxHeld: 10, CacheSize: 20,
		},
		Batch: BatchConfig{Size: 100, Timeout: time.Second},
		RetryConfig: configretry.BackOffConfig{
			Enabled: true, InitialInterval: 10 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 1.5,
			MaxInterval: time.Second, MaxElapsedTime: time.Minute,
		},
	}, all)
}

func TestConfigFilterOfUnknownContainers(t *testing.T) {
	for condition, bad := range map[string]bool{
		"container.id exists": true, "sf.container.id = x": true, "k8s.ns.name = shop": true, "proc.name = bash": false,
	} {
		cfg := createDefaultConfig().(*Config)
		cfg.Filter = condition
		require.NoError(t, cfg.Validate(), condition)
		cfg.Containers.Enabled = false
		if bad {
			assert.ErrorContains(t, cfg.Validate(), "filter: asks for containers", condition)
		} else {
			assert.NoError(t, cfg.Validate(), condition)
		}
	}
}

func TestConfigInvalid(t *testing.T) {
	err := xconfmap.Validate(load(t, "invalid"))
	require.Error(t, err)
	for _, key := range []string{
		`node::ip: must be an IP address, is "nonsense"`,
		`filter: column 1: unknown field "proc.nmae"; did you mean proc.name?`,
		"filter: evt.type is not about a process",
		"capture::ring_buffer_size: must be 0 or a power of two of at least 65536 bytes, is 1000",
		"capture::max_flows: ", "capture::max_args: ", "capture::max_env: ", "capture::poll_interval: ",
		"flow::first_export: ", "flow::export_interval: ", "flow::idle_timeout: ", "flow::max_processes: ", "flow::max_files: ",
		`containers::sockets::1: must be "unix://" and an absolute path, is "tcp://127.0.0.1:2375"`,
		"containers::timeout: ", "containers::wait: ", "containers::max_held: ", "containers::cache_size: ",
		"batch::size: ", "batch::timeout: ", "retry_on_failure: 'multiplier' must be non-negative",
	} {
		assert.ErrorContains(t, err, key)
	}
}
