package sysflowpolicyprocessor

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/metadatatest"
)

// policyID is the processor of the metrics, unless the test says something else.
const policyID = "sysflow_policy"

// point is a data point of the processor, with attributes as alternating keys and values.
func point(n int64, pairs ...string) metricdata.DataPoint[int64] {
	list := []attribute.KeyValue{attribute.String("processor", policyID)}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, attribute.String(pairs[i], pairs[i+1]))
	}
	return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(list...)}
}

func points(p ...metricdata.DataPoint[int64]) []metricdata.DataPoint[int64] { return p }

func TestMetrics(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, readFile(t, filepath.Join("testdata", "rules.yaml")))
	set, logs := logged()
	logger := set.Logger
	set.TelemetrySettings = tel.NewTelemetrySettings()
	set.Logger, set.ID = logger, component.MustNewID(policyID)
	p, _ := started(t, config(watching(path), func(c *Config) {
		c.Dedup.Window = time.Minute
		c.RateLimit = RateLimitConfig{PerSecond: 0.001, Burst: 2}
	}), set)
	recs := story("web-1")
	recs = append(recs, opened(shellOID, "/etc/shadow", t0+6*second)...)
	recs = append(recs, opened(shellOID, "/etc/1", t0+7*second)...)
	recs = append(recs, opened(shellOID, "/etc/2", t0+8*second)...)
	recs = append(recs, exec(t0+9*second))
	ld := encode(recs)
	ld.ResourceLogs().At(0).Resource().Attributes().PutInt("host.ip", 1)
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("source.port", "443")
	last := ld.ResourceLogs().At(ld.ResourceLogs().Len() - 1).ScopeLogs().At(0).LogRecords()
	last.At(last.Len()-1).Attributes().PutStr("source.port", "443") // of a match, which is read twice
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	require.NoError(t, p.ConsumeLogs(t.Context(), foreignLogs()))

	ignore := metricdatatest.IgnoreTimestamp()
	const name = "security_rule.name"
	metadatatest.AssertEqualSysflowPolicyRecords(t, tel, points(
		point(7, "outcome", "matched"), point(1, "outcome", "not_matched"), point(1, "outcome", "dropped"),
		point(entitiesOf(recs), "outcome", "entity"), point(1, "outcome", "foreign"),
	), ignore)
	metadatatest.AssertEqualSysflowPolicyMatches(t, tel, points(
		point(2, name, "Password hashes read"), point(4, name, "Sensitive file"), point(2, name, "Shell"),
		point(1, name, "Shell that connects"),
	), ignore)
	metadatatest.AssertEqualSysflowPolicySuppressedAlerts(t, tel, points(
		point(1, name, "Password hashes read", "reason", "dedup"), point(1, name, "Sensitive file", "reason", "dedup"),
		point(1, name, "Sensitive file", "reason", "rate_limit"), point(1, name, "Shell", "reason", "dedup"),
	), ignore)
	metadatatest.AssertEqualSysflowPolicyIgnoredAttributes(t, tel, points(point(3)), ignore)
	metadatatest.AssertEqualSysflowPolicyRules(t, tel, points(point(4, "status", "enabled"), point(1, "status", "disabled")), ignore)
	metadatatest.AssertEqualSysflowPolicyProcesses(t, tel, points(point(2)), ignore)
	metadatatest.AssertEqualSysflowPolicyProcessesEvicted(t, tel, points(point(0)), ignore)
	metadatatest.AssertEqualSysflowPolicyHostsEvicted(t, tel, points(point(0)), ignore)
	metadatatest.AssertEqualSysflowPolicyDedupEvicted(t, tel, points(point(0)), ignore)
	metadatatest.AssertEqualSysflowPolicySequencesPending(t, tel, points(point(1)), ignore)
	metadatatest.AssertEqualSysflowPolicySequencesEvicted(t, tel, points(
		point(0, "reason", "room"), point(0, "reason", "repetition"),
	), ignore)
	metadatatest.AssertEqualSysflowPolicyEngineResets(t, tel, points(point(0)), ignore)
	metadatatest.AssertEqualSysflowPolicyEngineDirectRecords(t, tel, points(point(0)), ignore)
	metadatatest.AssertEqualSysflowPolicyEvaluationDuration(t, tel, []metricdata.HistogramDataPoint[float64]{{Attributes: point(0).Attributes}},
		ignore, metricdatatest.IgnoreValue())

	writeFile(t, path, "- rule: a")
	awaitLog(t, logs, refusedMessage, 1)
	writeFile(t, path, ruleNamed("a"))
	awaitLog(t, logs, reloadedMessage, 1)
	require.Eventually(t, func() bool {
		m, err := tel.GetMetric("otelcol_sysflow_policy_reloads")
		return err == nil && len(m.Data.(metricdata.Sum[int64]).DataPoints) == 2
	}, waitLimit, time.Millisecond)
	metadatatest.AssertEqualSysflowPolicyReloads(t, tel, points(point(1, "result", "failure"), point(1, "result", "success")), ignore)
	metadatatest.AssertEqualSysflowPolicyRules(t, tel, points(point(1, "status", "enabled"), point(0, "status", "disabled")), ignore)
}

// TestMetricsTellProcessorsApart runs two processors, as the README's example does: every
// metric must have points of both.
func TestMetricsTellProcessorsApart(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	for name, mode := range map[string]Mode{"alerts": ModeAlert, "archive": ModeEnrich} {
		set := processortest.NewNopSettings(metadata.Type)
		set.TelemetrySettings, set.ID = tel.NewTelemetrySettings(), component.NewIDWithName(metadata.Type, name)
		p, _ := started(t, config(in(mode)), set)
		require.NoError(t, p.ConsumeLogs(t.Context(), encode(story("web-1"))))
	}
	var all metricdata.ResourceMetrics
	require.NoError(t, tel.Reader.Collect(t.Context(), &all))
	seen := 0
	for _, sm := range all.ScopeMetrics {
		for _, m := range sm.Metrics {
			if strings.HasPrefix(m.Name, "otelcol_sysflow_policy_") {
				seen++
				assert.Equal(t, []string{"sysflow_policy/alerts", "sysflow_policy/archive"}, processorsOf(m.Data), m.Name)
			}
		}
	}
	assert.Equal(t, 13, seen, "all but those of what did not happen: suppression, reloads, ignored attributes")
}

// processorsOf returns the processors that a metric tells of, sorted.
func processorsOf(data metricdata.Aggregation) []string {
	var sets []attribute.Set
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	case metricdata.Gauge[int64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	case metricdata.Histogram[float64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	}
	names := make(map[string]bool)
	for _, s := range sets {
		v, _ := s.Value("processor")
		names[v.AsString()] = true
	}
	return slices.Sorted(maps.Keys(names))
}
