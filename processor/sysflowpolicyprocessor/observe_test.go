package sysflowpolicyprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
)

// callbacks counts the callbacks that are registered.
type callbacks struct {
	noop.MeterProvider
	n *int
}

func (c callbacks) Meter(string, ...metric.MeterOption) metric.Meter { return countingMeter{n: c.n} }

type countingMeter struct {
	noop.Meter
	n *int
}

func (m countingMeter) RegisterCallback(metric.Callback, ...metric.Observable) (metric.Registration, error) {
	*m.n++
	return noop.Registration{}, nil
}

// Each callback waits for the batches under way.
func TestOneCallbackForAllMetrics(t *testing.T) {
	n := 0
	set := processortest.NewNopSettings(metadata.Type)
	set.MeterProvider = callbacks{n: &n}
	started(t, config(), set)
	assert.Equal(t, 1, n)
}

// Compiling rules takes a while, so no batch may have to wait for it.
func TestRulesAreCompiledBeforeTheyAreInForce(t *testing.T) {
	cfg := config()
	require.NoError(t, cfg.Validate())
	p, err := newPolicyProcessor(cfg, processortest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	require.NoError(t, p.load(t.Context()))
	require.Len(t, p.rules.evaluators, len(p.shards.all))
	assert.NotContains(t, p.rules.evaluators, nil)
	require.NoError(t, p.shutdown(t.Context()))
}
