package sysflowpolicyprocessor

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// TestConcurrentBatchesAndReloads sends batches of many hosts from several goroutines
// while the rules change: each record must be judged once, by the rules of one file.
func TestConcurrentBatchesAndReloads(t *testing.T) {
	const senders, batches = 4, 60
	path := filepath.Join(t.TempDir(), "rules.yaml")
	writeFile(t, path, ruleNamed("r0"))
	set, logs := logged()
	p, sink := started(t, config(watching(path)), set)

	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for b := range batches {
				ld := encode(story(fmt.Sprintf("web-%d", (s+b)%7)))
				encode(story(fmt.Sprintf("web-%d", b%7))).ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
				assert.NoError(t, p.ConsumeLogs(t.Context(), ld))
			}
		})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		wg.Wait()
	}()
	reloads := 0
	for running := true; running; {
		reloads++
		writeFile(t, path, ruleNamed(fmt.Sprintf("r%d", reloads)))
		select {
		case <-done:
			running = false
		case <-time.After(time.Millisecond):
		}
	}
	awaitLog(t, logs, reloadedMessage, 1)
	assert.Equal(t, 2*senders*batches, sink.LogRecordCount())
	for _, ld := range sink.AllLogs() {
		names := make(map[string]bool)
		for _, rl := range ld.ResourceLogs().All() {
			for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
				names[text(lr.Attributes(), plogs.KeyRuleName)] = true
			}
		}
		require.Len(t, names, 1, "a batch is judged by one set of rules")
	}
}
