package sysflowpolicyprocessor

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// reads are that many reads of a file, a second apart.
func reads(n int, path string) []sysflow.Record {
	recs := entities("web-1")
	for i := range n {
		recs = append(recs, opened(shellOID, path, t0+int64(i)*second)...)
	}
	return recs
}

func TestDedup(t *testing.T) {
	p, sink := started(t, config(func(c *Config) { c.Dedup.Window = 4 * time.Second }))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(reads(6, "/etc/shadow"))))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(reads(1, "/etc/passwd"))))
	assert.Equal(t, []string{
		"Password hashes read", "Sensitive file", "Password hashes read", "Sensitive file", "Sensitive file",
	}, alertNames(sink))
	var suppressed []string
	for _, lr := range allRecords(sink) {
		suppressed = append(suppressed, text(lr.Attributes(), plogs.KeyRuleSuppressed))
	}
	assert.Equal(t, []string{"", "", "3", "3", ""}, suppressed)
}

func TestRateLimit(t *testing.T) {
	p, sink := started(t, config(func(c *Config) { c.RateLimit = RateLimitConfig{PerSecond: 0.25, Burst: 2} }))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(reads(9, "/etc/passwd"))))
	assert.Equal(t, slices.Repeat([]string{"Sensitive file"}, 4), alertNames(sink), "two at once, then one in four seconds")
	var suppressed []string
	for _, lr := range allRecords(sink) {
		suppressed = append(suppressed, text(lr.Attributes(), plogs.KeyRuleSuppressed))
	}
	assert.Equal(t, []string{"", "", "2", "3"}, suppressed)
}

// What rate_limit holds back was not given, so dedup must not mute what follows.
func TestDedupAndRateLimit(t *testing.T) {
	p, sink := started(t, config(func(c *Config) {
		c.Dedup.Window = 3 * time.Second
		c.RateLimit = RateLimitConfig{PerSecond: 0.2, Burst: 1}
	}))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(reads(6, "/etc/passwd"))))
	var told []string
	for _, lr := range allRecords(sink) {
		at := (int64(lr.Timestamp()) - t0) / second
		told = append(told, fmt.Sprint(at, " ", text(lr.Attributes(), plogs.KeyRuleSuppressed)))
	}
	assert.Equal(t, []string{"0 ", "5 4"}, told, "1 and 2 are repetitions, 3 and 4 are too many")
}
