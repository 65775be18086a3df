package sysflowpolicyprocessor

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/sharedtest"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/sysflowtest"
)

// batchSizes are numbers of records. A batch has them by process, so that the larger it is the
// further they are from the order in which they were written.
var batchSizes = []int{1, 7, 100, 1000, 8192}

// inBatches turns a trace into batches of logs.
func inBatches(tb testing.TB, trace string, size int) []plog.Logs {
	tb.Helper()
	var out []plog.Logs
	enc := plogs.NewEncoder(plogs.EncoderOptions{})
	sysflowtest.Each(tb, trace, func(rec sysflow.Record) bool {
		enc.Add(rec)
		if enc.Len() >= size {
			out = append(out, enc.Take())
		}
		return true
	})
	return append(out, enc.Take())
}

// unobserved takes away the timestamps that tell the order, as a pipeline may.
func unobserved(ld plog.Logs) plog.Logs {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				lr.SetObservedTimestamp(0)
			}
		}
	}
	return ld
}

const byContainer = `
- sequence: started and connected
  desc: d
  by: container
  within: 10m
  steps: [{condition: evt.type = execve}, {condition: evt.type = connect}]
`

// told is what alerts say, without what tells batches apart.
func told(lr plog.LogRecord) string {
	m := lr.Attributes()
	return fmt.Sprint(
		lr.Timestamp(), " ", text(m, plogs.KeyRuleName), ": ", lr.Body().AsString(), text(m, plogs.KeyRuleSteps), text(m, plogs.KeyRuleSuppressed),
	)
}

// Sequences, rates and repetitions are the same however a stream is cut into batches, and so
// the same as offline.
func TestBatchSizeDoesNotMatter(t *testing.T) {
	sequence := filepath.Join(t.TempDir(), "sequence.yaml")
	writeFile(t, sequence, byContainer)
	trace := sharedtest.Trace(t, attackTrace)
	tests := map[string]func(*Config){
		"sequence":   func(c *Config) { c.Policies = []string{sequence} },
		"rate_limit": func(c *Config) { c.RateLimit = RateLimitConfig{PerSecond: 0.5, Burst: 3} },
		"dedup":      func(c *Config) { c.Dedup.Window = 10 * time.Second },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			var want []string
			for _, size := range batchSizes {
				p, sink := started(t, config(func(c *Config) {
					c.Policies = []string{sharedtest.Rules(t, "sysflow_ttps.yaml")}
					change(c)
				}))
				for _, ld := range inBatches(t, trace, size) {
					require.NoError(t, p.ConsumeLogs(t.Context(), ld))
				}
				var got []string
				for _, lr := range allRecords(sink) {
					got = append(got, told(lr))
				}
				slices.Sort(got)
				if want == nil {
					want = got
				}
				assert.Equal(t, want, got, "in batches of %d", size)
			}
			if name == "sequence" {
				assert.Len(t, want, offline(t, sequence, trace)["started and connected"])
			}
		})
	}
}

// A process that repeats a step comes first in the batch, but what completes the sequence
// happened in between.
func TestRepeatedStepInABatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, file, `
- sequence: read and connected
  desc: d
  by: container
  within: 60s
  steps: [{condition: sf.opflags = OPEN}, {condition: sf.opflags = CONNECT}]
`)
	recs := entities("web-1")
	for i := range int64(12) {
		recs = append(recs, opened(nginxOID, "/etc/shadow", t0+i*second)...)
		if i == 1 {
			recs = append(recs, connected(t0+second+1))
		}
	}
	for _, mode := range []Mode{ModeAlert, ModeEnrich} {
		for _, strip := range []bool{false, true} {
			t.Run(fmt.Sprint(mode, strip), func(t *testing.T) {
				p, sink := started(t, config(in(mode), func(c *Config) { c.Policies = []string{file} }))
				ld := encode(recs)
				if strip {
					unobserved(ld)
				}
				require.NoError(t, p.ConsumeLogs(t.Context(), ld))
				n := 0
				for _, lr := range allRecords(sink) {
					if text(lr.Attributes(), plogs.KeyRuleName) != "" {
						n++
						assert.EqualValues(t, t0+second+1, lr.Timestamp())
					}
				}
				assert.Equal(t, 1, n)
			})
		}
	}
}

// An alert tells of the process as it was, not as it became in the same batch.
func TestProcessChangesInABatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, file, `
- rule: read
  desc: d
  condition: fd.name = /etc/shadow
  output: "%proc.name of %proc.pname"
- sequence: executed and read
  desc: d
  within: 60s
  steps: [{condition: evt.type = execve}, {condition: fd.name = /etc/shadow}]
  output: "%proc.name of %proc.pname"
`)
	recs := append(entities("web-1"), exec(t0))
	recs = append(recs, opened(shellOID, "/etc/shadow", t0+second)...)
	recs = append(recs,
		&sysflow.Process{OID: nginxOID, TS: t0, Exe: "/bin/other", State: sysflow.StateModified},
		&sysflow.Process{OID: shellOID, POID: &nginxOID, TS: t0, Exe: "/bin/innocent", State: sysflow.StateModified},
		&sysflow.ProcessEvent{ProcOID: nginxOID, TS: t0 + 3*second, OpFlags: sysflow.OpExec},
		exec(t0+4*second),
	)
	recs = append(recs, opened(shellOID, "/etc/shadow", t0+5*second)...)
	p, sink := started(t, config(func(c *Config) { c.Policies = []string{file} }))
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(recs)))
	var got []string
	for _, lr := range allRecords(sink) {
		got = append(got, lr.Body().Str())
	}
	assert.Equal(t, []string{"sh of nginx", "sh of nginx", "innocent of other", "innocent of other"}, got)
	for _, rl := range sink.AllLogs()[0].ResourceLogs().All() {
		exe := text(rl.Resource().Attributes(), plogs.KeyExecutablePath)
		assert.Contains(t, exe, rl.ScopeLogs().At(0).LogRecords().At(0).Body().Str()[:2], "under its resource")
	}
}

// Alerts of several scopes and resources are under theirs, though these alternate.
func TestAlertsAreUnderTheirScopes(t *testing.T) {
	ld := encode(append(append(entities("web-1"), opened(shellOID, "/etc/1", t0+2*second)...), opened(nginxOID, "/etc/2", t0+3*second)...))
	rl := ld.ResourceLogs().At(ld.ResourceLogs().Len() - 1)
	for i, at := range []int64{0, 8} { // one before what nginx did, one after
		sl := rl.ScopeLogs().AppendEmpty()
		rl.ScopeLogs().At(0).CopyTo(sl)
		sl.Scope().SetName(fmt.Sprint("scope ", i))
		for _, lr := range sl.LogRecords().All() {
			lr.SetObservedTimestamp(lr.ObservedTimestamp() + pcommon.Timestamp(at*second))
		}
	}
	p, sink := started(t, config())
	require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	var got []string
	for _, rl := range sink.AllLogs()[0].ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			exe := text(rl.Resource().Attributes(), plogs.KeyExecutablePath)
			got = append(got, fmt.Sprint(exe, " ", path.Base(sl.Scope().Name()), " ", sl.LogRecords().Len()))
		}
	}
	assert.Equal(t, []string{"/bin/sh plogs 1", "/bin/sh scope 0 1", "/bin/sh scope 1 1", "/usr/sbin/nginx plogs 1"}, got)
}

// Traces that a batch has one after the other are not mixed.
func TestTracesAreNotMixed(t *testing.T) {
	p, sink := started(t, config(func(c *Config) { c.RateLimit = RateLimitConfig{PerSecond: 0.001, Burst: 1} }))
	recs := append(reads(2, "/etc/1"), entities("web-1")...)
	recs = append(recs, opened(shellOID, "/etc/2", t0-2*3600*second)...)
	require.NoError(t, p.ConsumeLogs(t.Context(), encode(recs)))
	var got []string
	for _, lr := range allRecords(sink) {
		got = append(got, text(lr.Attributes(), plogs.KeyFilePath)+text(lr.Attributes(), plogs.KeyRuleSuppressed))
	}
	assert.Equal(t, []string{"/etc/1", "/etc/21"}, got)
}
