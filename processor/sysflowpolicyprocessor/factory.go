package sysflowpolicyprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/sequence"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

const (
	defaultDebounce     = time.Second
	defaultPollInterval = 10 * time.Second
	defaultMaxEntries   = 65536
)

// NewFactory makes the factory of the processor.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createDefaultConfig() component.Config {
	return &Config{
		Mode:         ModeAlert,
		RuleMatching: MatchAll,
		Reload:       ReloadConfig{Enabled: true, Debounce: defaultDebounce, PollInterval: defaultPollInterval},
		Dedup:        DedupConfig{MaxEntries: defaultMaxEntries},
		Sequences:    SequencesConfig{MaxHits: sequence.DefaultMaxHits},
	}
}

func createLogs(ctx context.Context, set processor.Settings, c component.Config, next consumer.Logs) (processor.Logs, error) {
	cfg := c.(*Config)
	p, err := newPolicyProcessor(cfg, set)
	if err != nil {
		return nil, err
	}
	// Alerts are copies; the other modes that change anything change it in place.
	mutates := cfg.Mode == ModeEnrich || cfg.Mode == ModeFilter
	return processorhelper.NewLogs(ctx, set, cfg, next, p.processLogs,
		processorhelper.WithStart(p.start),
		processorhelper.WithShutdown(p.shutdown),
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: mutates}),
	)
}
