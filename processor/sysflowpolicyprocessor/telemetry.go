package sysflowpolicyprocessor

import (
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

// outcome is what became of a log record.
type outcome int

const (
	matched outcome = iota
	notMatched
	dropped
	entity
	foreign
	numOutcomes
)

var outcomeNames = [numOutcomes]string{"matched", "not_matched", "dropped", "entity", "foreign"}

// telemetry reports the component's own metrics.
type telemetry struct {
	builder          *metadata.TelemetryBuilder
	observed         metric.Registration
	id               attribute.KeyValue // tells processors of this type apart
	outcomes         [numOutcomes]metric.MeasurementOption
	success, failure metric.MeasurementOption
	own              metric.MeasurementOption // of metrics without other attributes
}

func newTelemetry(set processor.Settings, p *policyProcessor) (*telemetry, error) {
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	t := &telemetry{builder: builder, id: attribute.String("processor", set.ID.String())}
	t.own, t.success, t.failure = t.attr(), t.attr("result", "success"), t.attr("result", "failure")
	for i, name := range outcomeNames {
		t.outcomes[i] = t.attr("outcome", name)
	}
	if err := t.observe(metadata.Meter(set.TelemetrySettings), p); err != nil {
		builder.Shutdown()
		return nil, err
	}
	return t, nil
}

// shutdown ends the observation.
func (t *telemetry) shutdown() error {
	t.builder.Shutdown()
	return t.observed.Unregister()
}

// attr makes an option of keys and values that alternate, and of the component's id.
func (t *telemetry) attr(pairs ...string) metric.MeasurementOption {
	list := []attribute.KeyValue{t.id}
	for pair := range slices.Chunk(pairs, 2) {
		list = append(list, attribute.String(pair[0], pair[1]))
	}
	return metric.WithAttributeSet(attribute.NewSet(list...))
}

// batch reports what a worker counted.
func (t *telemetry) batch(ctx context.Context, w *worker, took time.Duration) {
	t.builder.SysflowPolicyEvaluationDuration.Record(ctx, took.Seconds(), t.own)
	for i, n := range w.tally.outcomes {
		if n > 0 {
			t.builder.SysflowPolicyRecords.Add(ctx, n, t.outcomes[i])
		}
	}
	if n := w.records.Ignored + w.resource.Ignored; n > 0 {
		t.builder.SysflowPolicyIgnoredAttributes.Add(ctx, n, t.own)
	}
	for _, r := range w.tally.touched {
		c := &w.tally.rules[r.index]
		t.builder.SysflowPolicyMatches.Add(ctx, c.matches, r.matched)
		if c.repeated > 0 {
			t.builder.SysflowPolicySuppressedAlerts.Add(ctx, c.repeated, r.repeated)
		}
		if c.limited > 0 {
			t.builder.SysflowPolicySuppressedAlerts.Add(ctx, c.limited, r.limited)
		}
	}
}

func (t *telemetry) reloaded(ok bool) {
	result := t.failure
	if ok {
		result = t.success
	}
	t.builder.SysflowPolicyReloads.Add(context.Background(), 1, result)
}

// tally counts what happens to the records of a batch.
type tally struct {
	outcomes [numOutcomes]int64
	// matched tells whether a rule matched the record at hand.
	matched bool
	rules   []counts // by the index of the rule
	touched []*rule
}

type counts struct{ matches, repeated, limited int64 }

// grow makes room for so many rules.
func (t *tally) grow(n int) {
	if len(t.rules) < n {
		t.rules = make([]counts, n)
	}
}

func (t *tally) match(r *rule) {
	t.matched = true
	c := &t.rules[r.index]
	if c.matches == 0 {
		t.touched = append(t.touched, r)
	}
	c.matches++
}

func (t *tally) repeat(r *rule) { t.rules[r.index].repeated++ }

func (t *tally) limit(r *rule) { t.rules[r.index].limited++ }

func (t *tally) reset() {
	for _, r := range t.touched {
		t.rules[r.index] = counts{}
	}
	clear(t.touched)
	t.touched = t.touched[:0]
	t.outcomes = [numOutcomes]int64{}
}
