package sysflowpolicyprocessor

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// TestModes compares what comes out of a story with files in testdata/golden. To renew
// them call golden.WriteLogs in place of the comparison.
func TestModes(t *testing.T) {
	for _, mode := range []Mode{ModeAlert, ModeEnrich, ModeFilter, ModeBypass} {
		t.Run(string(mode), func(t *testing.T) {
			p, sink := started(t, config(in(mode)))
			require.NoError(t, p.ConsumeLogs(t.Context(), encode(story("web-1"))))
			require.Len(t, sink.AllLogs(), 1)
			path := filepath.Join("testdata", "golden", string(mode)+".yaml")
			want, err := golden.ReadLogs(path)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, sink.AllLogs()[0]))
		})
	}
}

func TestAlertModeLeavesTheBatchAlone(t *testing.T) {
	p, sink := started(t, config())
	assert.False(t, p.Capabilities().MutatesData)
	ld := encode(story("web-1"))
	ld.MarkReadOnly()
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	require.NoError(t, plogtest.CompareLogs(encode(story("web-1")), ld))
	assert.Equal(t, []string{
		"Shell", "Password hashes read", "Sensitive file", "Shell that connects",
	}, alertNames(sink))
}

func TestNothingMatches(t *testing.T) {
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(entities("web-1"))))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(append(entities("web-1"), opened(shellOID, "/tmp/x", t0)...))))
	assert.Empty(t, sink.AllLogs())
}

func TestFirstMatch(t *testing.T) {
	p, sink := started(t, config(func(c *Config) { c.RuleMatching = MatchFirst }))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(append(entities("web-1"), opened(shellOID, "/etc/shadow", t0)...))))
	assert.Equal(t, []string{"Password hashes read"}, alertNames(sink))
}

func TestForeignLogs(t *testing.T) {
	for mode, passes := range map[Mode]int{ModeAlert: 0, ModeEnrich: 1, ModeFilter: 1, ModeBypass: 1} {
		t.Run(string(mode), func(t *testing.T) {
			p, sink := started(t, config(in(mode)))
			require.NoError(t, p.ConsumeLogs(t.Context(), foreignLogs()))
			require.Equal(t, passes, sink.LogRecordCount())
			if passes > 0 {
				require.NoError(t, plogtest.CompareLogs(foreignLogs(), sink.AllLogs()[0]))
			}
		})
	}
}

// What was empty before is not for the processor to remove.
func TestEmptyBatches(t *testing.T) {
	ld := plog.NewLogs()
	ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	for _, mode := range []Mode{ModeEnrich, ModeFilter, ModeBypass} {
		p, sink := started(t, config(in(mode)))
		out := plog.NewLogs()
		ld.CopyTo(out)
		require.NoError(t, p.ConsumeLogs(t.Context(), out))
		require.Len(t, sink.AllLogs(), 1)
		require.NoError(t, plogtest.CompareLogs(ld, sink.AllLogs()[0]))
	}
}

// An alert that comes from another collector is judged as the record that it is.
func TestAlertsOfOthers(t *testing.T) {
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(story("web-1"))))
	alerts := sink.AllLogs()[0]
	p, sink = started(t, config(func(c *Config) { c.RuleMatching = MatchFirst }))
	require.NoError(t, p.ConsumeLogs(t.Context(), alerts))
	assert.Equal(t, []string{"Shell", "Password hashes read", "Password hashes read", "Shell that connects"}, alertNames(sink))
	for _, lr := range allRecords(sink) {
		if name := text(lr.Attributes(), plogs.KeyRuleName); name != "Shell that connects" {
			assert.Empty(t, text(lr.Attributes(), plogs.KeyRuleSteps), name)
		}
	}
}

// TestStandardAttributesOnly judges what another agent sends that knows no more than the
// semantic conventions and the kind of record.
func TestStandardAttributesOnly(t *testing.T) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	require.NoError(t, rl.Resource().Attributes().FromRaw(map[string]any{
		"host.name": "other", "process.pid": 7, "process.executable.path": "/bin/cat", "process.user.name": "eve",
		"service.name": "agent",
	}))
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetTimestamp(1)
	require.NoError(t, lr.Attributes().FromRaw(map[string]any{
		"sysflow.type": "FF", "sysflow.ops": "OPEN", "file.path": "/etc/shadow",
	}))
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	require.Equal(t, []string{"Password hashes read", "Sensitive file"}, alertNames(sink))
	assert.Equal(t, "cat read /etc/shadow (user eve)", allRecords(sink)[0].Body().Str())
}

// The description of an ancestor may have come long ago, and from P records alone.
func TestAncestorsOfEarlierBatches(t *testing.T) {
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(entities("web-1"))))
	own := encode(append(childOnly("web-1"), exec(t0)))
	require.NoError(t, p.ConsumeLogs(t.Context(), own))
	require.Equal(t, []string{"Shell"}, alertNames(sink))
	assert.Equal(t, "sh -c id by nginx", allRecords(sink)[0].Body().Str())
}

// Hosts may have processes with the same ids.
func TestHostsAreApart(t *testing.T) {
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(entities("web-1"))))
	own := encode(append(childOnly("web-2"), exec(t0)))
	require.NoError(t, p.ConsumeLogs(t.Context(), own))
	require.Equal(t, []string{"Shell"}, alertNames(sink))
	assert.Equal(t, "sh -c id by <NA>", allRecords(sink)[0].Body().Str())
}

// What alerts and marked records say of their rules is what docs/attributes.md is made of,
// no more and no less.
func TestRuleAttributesAreDocumented(t *testing.T) {
	documented := make(map[string]bool)
	for _, a := range plogs.AlertAttributes() {
		documented[a.Key] = true
	}
	written := make(map[string]bool)
	for _, mode := range []Mode{ModeAlert, ModeEnrich} {
		p, sink := started(t, config(in(mode), func(c *Config) {
			if mode == ModeAlert {
				c.Dedup.Window = time.Second
			}
		}))
		recs := append(story("web-1"), opened(shellOID, "/etc/shadow", t0+3*second)...)
		recs = append(recs, opened(shellOID, "/etc/shadow", t0+9*second)...)
		require.NoError(t, p.ConsumeLogs(t.Context(), encode(recs)))
		for _, lr := range allRecords(sink) {
			for key := range lr.Attributes().All() {
				if ofRule(key, pcommon.NewValueEmpty()) {
					written[key] = true
				}
			}
		}
	}
	assert.Equal(t, documented, written)
}
