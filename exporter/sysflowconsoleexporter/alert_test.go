package sysflowconsoleexporter

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// Alerts are shown whatever the type of their record.
func TestAlerts(t *testing.T) {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, rule := range []string{"", "A shell"} {
		lr := records.AppendEmpty()
		lr.SetTimestamp(1e9)
		lr.Attributes().PutStr(plogs.KeyType, "PE")
		lr.Attributes().PutInt(plogs.KeyOpFlags, 2)
		if rule != "" {
			lr.Attributes().PutStr(plogs.KeyRuleName, rule)
			lr.SetSeverityNumber(plog.SeverityNumberWarn)
			lr.SetSeverityText("Warning")
			lr.Body().SetStr("sh below nginx")
		}
	}
	out, read := tempFile(t)
	s := startExporter(t, out, func(c *Config) { c.Types = []string{"NF"} })
	defer s.shutdown(t)
	require.NoError(t, s.ConsumeLogs(context.Background(), ld))
	assert.Equal(t, "00:00:01.000000  PE                          EXEC\n  >> Warning  A shell: sh below nginx\n", read())
}
