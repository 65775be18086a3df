package sysflowreceiver

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/holdback"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// outcomeDropped stands for containers that were not asked about.
const outcomeDropped = "dropped"

// registerContainers has the figures about containers observed. Every outcome and cause is there
// from the start, at zero.
func (t *telemetry) registerContainers(b *metadata.TelemetryBuilder) []func() error {
	observe := func(value func(*containerStats) int64) metric.Int64Callback {
		return func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(value(t.containers.Load()))
			return nil
		}
	}
	return []func() error{
		func() error {
			return b.RegisterSysflowContainersKnownCallback(observe(func(s *containerStats) int64 { return int64(s.resolver.Known) }))
		},
		func() error {
			return b.RegisterSysflowContainersEvictedCallback(observe(func(s *containerStats) int64 { return int64(s.resolver.Evicted) }))
		},
		func() error {
			return b.RegisterSysflowContainersHeldCallback(observe(func(s *containerStats) int64 { return int64(s.stage.Held) }))
		},
		func() error { return b.RegisterSysflowContainersLookupsCallback(t.observeLookups) },
		func() error { return b.RegisterSysflowContainersIncompleteCallback(t.observeIncomplete) },
	}
}

func (t *telemetry) observeLookups(_ context.Context, o metric.Int64Observer) error {
	const key = "sysflow.container.outcome"
	s := t.containers.Load().resolver
	for outcome, n := range s.Outcomes {
		o.Observe(int64(n), metric.WithAttributes(attribute.String(key, container.Outcome(outcome).String())))
	}
	o.Observe(int64(s.Dropped), metric.WithAttributes(attribute.String(key, outcomeDropped)))
	return nil
}

func (t *telemetry) observeIncomplete(_ context.Context, o metric.Int64Observer) error {
	for cause, n := range t.containers.Load().stage.Incomplete {
		o.Observe(int64(n), metric.WithAttributes(
			attribute.String("sysflow.container.cause", holdback.Cause(cause).String())))
	}
	return nil
}
