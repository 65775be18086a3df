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

func TestLossCauses(t *testing.T) {
	got := parseMetrics(`otelcol_sysflow_capture_losses_total{otel_scope_name="a",sysflow_loss_cause="path_cut"} 0
otelcol_sysflow_capture_losses_total{otel_scope_name="a",sysflow_loss_cause="ring_buffer_full"} 1.25e+06
otelcol_sysflow_capture_records_total{sysflow_type="FF"} 3
otelcol_sysflow_capture_records_total{sysflow_type="FE"} 4
`)
	assert.Equal(t, map[string]int64{"path_cut": 0, "ring_buffer_full": 1_250_000}, LossCauses(got))
	assert.InDelta(t, 7, Sum(got, "otelcol_sysflow_capture_records_total"), 0)
	assert.Zero(t, Sum(got, "otelcol_sysflow_capture_flows"))
}
