package sysflowavroexporter

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

const (
	defaultFilename     = "{exporter}.{epoch}.sf"
	defaultFileMode     = 0o600
	defaultBlockSize    = 80_000 // as upstream
	defaultMaxOpenFiles = 100
	defaultInterval     = 5 * time.Minute // as upstream
	defaultMaxSize      = 100 << 20
	defaultQueueItems   = 4 * defaultMinBatch
	defaultFlushTimeout = time.Second
	defaultMinBatch     = 8192
)

// NewFactory makes the factory of the exporter.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		metadata.Type,
		createDefaultConfig,
		exporter.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createDefaultConfig() component.Config {
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.NumConsumers = 1
	queue.Sizer = exporterhelper.RequestSizerTypeItems
	queue.QueueSize = defaultQueueItems
	queue.Batch = configoptional.Some(exporterhelper.BatchConfig{
		FlushTimeout: defaultFlushTimeout,
		Sizer:        exporterhelper.RequestSizerTypeItems,
		MinSize:      defaultMinBatch,
	})
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval = time.Second
	// A full disk is a matter of hours: data that the queue can hold is not given up.
	retry.MaxElapsedTime = 0
	return &Config{
		Filename:      defaultFilename,
		FileMode:      defaultFileMode,
		SchemaVersion: sysflow.SchemaV5,
		Codec:         "deflate",
		BlockSize:     defaultBlockSize,
		MaxOpenFiles:  defaultMaxOpenFiles,
		Rotation:      RotationConfig{Interval: defaultInterval, MaxSize: defaultMaxSize},
		TimeoutConfig: exporterhelper.NewDefaultTimeoutConfig(),
		QueueConfig:   configoptional.Some(queue),
		BackOffConfig: retry,
	}
}

func createLogs(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Logs, error) {
	cfg := c.(*Config)
	exp, err := newAvroExporter(cfg, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewLogs(ctx, set, cfg, exp.consumeLogs,
		exporterhelper.WithStart(exp.start),
		exporterhelper.WithShutdown(exp.shutdown),
		exporterhelper.WithTimeout(cfg.TimeoutConfig),
		exporterhelper.WithQueue(cfg.QueueConfig),
		exporterhelper.WithRetry(cfg.BackOffConfig),
	)
}
