package sysflowconsoleexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
)

// defaultQueueItems is some pages of a terminal, about 30 MB at most.
const defaultQueueItems = 20_000

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
	// An error would make the receiver offer the batch again, and to the other exporters too.
	queue.BlockOnOverflow = true
	return &Config{
		Output:      OutputStdout,
		Color:       terminal.ColorAuto,
		QueueConfig: configoptional.Some(queue),
	}
}

func createLogs(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Logs, error) {
	cfg := c.(*Config)
	exp, err := newConsoleExporter(cfg, set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return exp.wrap(ctx, set)
}

// wrap gives the exporter a queue. Lines are never printed twice, so nothing is retried.
func (e *consoleExporter) wrap(ctx context.Context, set exporter.Settings) (exporter.Logs, error) {
	return exporterhelper.NewLogs(ctx, set, e.cfg, e.consumeLogs,
		exporterhelper.WithStart(e.start),
		exporterhelper.WithShutdown(e.shutdown),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}),
		exporterhelper.WithQueue(e.cfg.QueueConfig),
	)
}
