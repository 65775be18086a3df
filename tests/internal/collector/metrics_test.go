package collector

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParseMetrics(t *testing.T) {
	got := parseMetrics(`# HELP otelcol_sysflow_dropped Things lost
# TYPE otelcol_sysflow_dropped counter
otelcol_sysflow_dropped_total{cause="ring full",otel_scope_name="a b"} 3
otelcol_process_uptime 1.5e+01
broken line
`)
	assert.Equal(t, []Metric{
		{Name: "otelcol_sysflow_dropped_total", Labels: `cause="ring full",otel_scope_name="a b"`, Value: 3},
		{Name: "otelcol_process_uptime", Value: 15},
	}, got)
	assert.Equal(t, got[:1], Losses(got))
	assert.Equal(t, "ring full", got[0].Label("cause"))
	assert.Empty(t, got[0].Label("name"))
}
