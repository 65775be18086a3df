package sysflowavroexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowavroexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// reason tells why a file was completed.
type reason string

const (
	reasonInterval     reason = "interval"
	reasonMaxSize      reason = "max_size"
	reasonMaxOpenFiles reason = "max_open_files"
	reasonWriteError   reason = "write_error"
	reasonShutdown     reason = "shutdown"
	reasonRecovery     reason = "recovery"
)

// operation is what failed.
type operation string

const (
	opOpen     operation = "open"
	opWrite    operation = "write"
	opComplete operation = "complete"
	opDelete   operation = "delete"
)

// recordCounts counts records by kind.
type recordCounts [sysflow.NumKinds]int64

// telemetry reports the component's own metrics. Nothing here waits, so it needs
// no caller's context.
type telemetry struct {
	builder *metadata.TelemetryBuilder
	kinds   [sysflow.NumKinds]metric.MeasurementOption
}

func newTelemetry(set component.TelemetrySettings) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder}
	for k := range t.kinds {
		t.kinds[k] = attr("sysflow.type", sysflow.Kind(k).String())
	}
	return t, nil
}

func attr(key, value string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value)))
}

func (t *telemetry) written(added *written) {
	ctx := context.Background()
	for k := range t.kinds {
		if n := added.records[k]; n > 0 {
			t.builder.SysflowAvroRecords.Add(ctx, n, t.kinds[k])
		}
		if n := added.unwritable[k]; n > 0 {
			t.builder.SysflowAvroUnwritableRecords.Add(ctx, n, t.kinds[k])
		}
	}
	t.builder.SysflowAvroBytes.Add(ctx, added.bytes)
}

func (t *telemetry) opened(n int64) {
	t.builder.SysflowAvroOpenFiles.Add(context.Background(), n)
}

func (t *telemetry) completed(why reason) {
	t.builder.SysflowAvroFiles.Add(context.Background(), 1, attr("reason", string(why)))
}

func (t *telemetry) recovered(records int64) {
	t.builder.SysflowAvroRecoveredRecords.Add(context.Background(), records)
}

func (t *telemetry) unsound(skippedRecords, ignoredAttributes int64) {
	if skippedRecords > 0 {
		t.builder.SysflowAvroSkippedRecords.Add(context.Background(), skippedRecords)
	}
	if ignoredAttributes > 0 {
		t.builder.SysflowAvroIgnoredAttributes.Add(context.Background(), ignoredAttributes)
	}
}

func (t *telemetry) deleted(n int64) {
	t.builder.SysflowAvroDeletedFiles.Add(context.Background(), n)
}

func (t *telemetry) failed(op operation) {
	t.builder.SysflowAvroWriteErrors.Add(context.Background(), 1, attr("operation", string(op)))
}
