package filereceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

// meter counts what is replayed.
type meter struct {
	telemetry *metadata.TelemetryBuilder
	kinds     [sysflow.NumKinds]metric.MeasurementOption
}

func newMeter(telemetry *metadata.TelemetryBuilder) *meter {
	m := &meter{telemetry: telemetry}
	for k := range m.kinds {
		name := sysflow.Kind(k).String()
		m.kinds[k] = metric.WithAttributeSet(attribute.NewSet(attribute.String("sysflow.type", name)))
	}
	return m
}

func (m *meter) batch(ctx context.Context, b *batch) {
	for k, n := range b.kinds {
		if n > 0 {
			m.telemetry.SysflowReplayRecords.Add(ctx, n, m.kinds[k])
		}
	}
	m.telemetry.SysflowReplayBytes.Add(ctx, b.bytes)
}

func (m *meter) dropped(ctx context.Context, records int) {
	m.telemetry.SysflowReplayLogRecordsDropped.Add(ctx, int64(records))
}

func (m *meter) file(ctx context.Context) { m.telemetry.SysflowReplayFiles.Add(ctx, 1) }

func (m *meter) fileFailed(ctx context.Context, err error) {
	m.telemetry.SysflowReplayFilesFailed.Add(ctx, 1,
		metric.WithAttributes(attribute.String("error.type", errorType(err))))
}

func (m *meter) shutdown() { m.telemetry.Shutdown() }

// errorType names the reason for which a trace cannot be read, as metadata.yaml does.
func errorType(err error) string {
	switch {
	case errors.Is(err, avro.ErrNotContainer):
		return "not_container"
	case errors.Is(err, avro.ErrSchema):
		return "schema"
	case errors.Is(err, avro.ErrTruncated):
		return "truncated"
	case errors.Is(err, avro.ErrUnknownBranch):
		return "unknown_branch"
	case errors.Is(err, avro.ErrCorruptBlock):
		return "corrupt_block"
	}
	return "io"
}
