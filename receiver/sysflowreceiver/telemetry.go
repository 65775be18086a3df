package sysflowreceiver

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// warnInterval is how often losses are logged at most.
const warnInterval = 10 * time.Second

// losses that are found outside of the kernel, by their name in telemetry.
const (
	lossFlowEnd        = "flow_end_lost"
	lossProcessEvicted = "process_evicted"
	lossRefused        = "log_records_refused"
)

// telemetry tells what the capture holds, makes and loses.
type telemetry struct {
	capture *capture.Capture
	builder *metadata.TelemetryBuilder
	// stats is written by the goroutine that owns the flow builder.
	stats      atomic.Pointer[flow.Stats]
	containers atomic.Pointer[containerStats]
	refused    atomic.Uint64

	warned map[string]uint64
	warnAt time.Time
}

func newTelemetry(set receiver.Settings, c *capture.Capture) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	t := &telemetry{capture: c, builder: b, warned: make(map[string]uint64)}
	t.stats.Store(&flow.Stats{})
	t.containers.Store(&containerStats{})
	for _, register := range append([]func() error{
		func() error {
			return b.RegisterSysflowCaptureFlowsCallback(func(_ context.Context, o metric.Int64Observer) error {
				o.Observe(int64(t.stats.Load().Flows))
				return nil
			})
		},
		func() error {
			return b.RegisterSysflowCaptureProcessesCallback(func(_ context.Context, o metric.Int64Observer) error {
				o.Observe(int64(t.stats.Load().Processes))
				return nil
			})
		},
		func() error { return b.RegisterSysflowCaptureRecordsCallback(t.observeRecords) },
		func() error { return b.RegisterSysflowCaptureLossesCallback(t.observeLosses) },
	}, t.registerContainers(b)...) {
		if err := register(); err != nil {
			b.Shutdown()
			return nil, err
		}
	}
	return t, nil
}

func (t *telemetry) close() { t.builder.Shutdown() }

func (t *telemetry) observeRecords(_ context.Context, o metric.Int64Observer) error {
	records := t.stats.Load().Records
	records[sysflow.KindContainer] = t.containers.Load().stage.Containers
	records[sysflow.KindPod] = t.containers.Load().stage.Pods
	for kind, n := range records {
		if n > 0 {
			o.Observe(int64(n), metric.WithAttributes(
				attribute.String("sysflow.type", sysflow.Kind(kind).String())))
		}
	}
	return nil
}

// observeLosses reports every cause, at zero too, so that an alert can be set up before
// anything is lost.
func (t *telemetry) observeLosses(_ context.Context, o metric.Int64Observer) error {
	losses, err := t.losses()
	for cause, n := range losses {
		o.Observe(int64(n), metric.WithAttributes(attribute.String("sysflow.loss.cause", cause)))
	}
	return err
}

func (t *telemetry) losses() (map[string]uint64, error) {
	counts, err := t.capture.Losses()
	if err != nil {
		return nil, err
	}
	stats := t.stats.Load()
	all := map[string]uint64{
		lossFlowEnd:        stats.LostEnds + stats.UnknownFlows,
		lossProcessEvicted: stats.EvictedProcesses,
		lossRefused:        t.refused.Load(),
	}
	for i, n := range counts {
		all[capture.Loss(i).String()] = n
	}
	return all, nil
}

// update takes new figures and logs new losses, not too often.
func (t *telemetry) update(stats flow.Stats, ctrs containerStats, logger *zap.Logger) {
	t.stats.Store(&stats)
	t.containers.Store(&ctrs)
	if time.Since(t.warnAt) >= warnInterval {
		t.warn(logger)
	}
}

// warn logs the losses since the last time.
func (t *telemetry) warn(logger *zap.Logger) {
	losses, err := t.losses()
	if err != nil {
		return
	}
	var fields []zap.Field
	for cause, n := range losses {
		if d := n - t.warned[cause]; d > 0 {
			fields = append(fields, zap.Uint64(cause, d))
			t.warned[cause] = n
		}
	}
	if len(fields) > 0 {
		t.warnAt = time.Now()
		logger.Warn("Something is missing in what was captured", fields...)
	}
}
