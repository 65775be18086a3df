//go:build linux && amd64

package tests

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/collector"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/scenario"
	"github.com/otelcol-sysflow/otelcol-sysflow/tests/internal/trace"
)

// needIOUring skips where programs may not use io_uring, and says why.
func needIOUring(t *testing.T) {
	t.Helper()
	b, err := os.ReadFile("/proc/sys/kernel/io_uring_disabled")
	if err == nil && strings.TrimSpace(string(b)) == "2" {
		t.Skip("io_uring is switched off: sysctl kernel.io_uring_disabled is 2")
	}
}

// TestLiveIOUring wants of what goes through io_uring the same events and flows as of system
// calls, with their origin.
func TestLiveIOUring(t *testing.T) {
	collector.NeedCapture(t)
	needIOUring(t)
	var records []sysflow.Record
	stop := observe(t, func(r sysflow.Record) { records = append(records, r) })
	run := scenario.Execute(t, scenario.Build(t, "scenario", "scenario"),
		"uring", "uring_async", "uring_sqpoll", "uring_deferred", "uring_direct", "uring_registered", "uring_cancelled",
		"uring_multishot", "uring_silent", "uring_overflow", "uring_zero_copy", "uring_inherited", "io_forms")
	losses := stop()
	exe, args := scenario.OwnImage(t)
	want, err := scenario.Expect(run, exe, args)
	require.NoError(t, err)
	f := scenario.NewFolder(want, run)
	for _, r := range records {
		f.Add(r)
	}
	scenario.Report(t, "differences", trace.Compare(want.Lines, f.Lines()))
	scenario.Report(t, "breaches of the format", f.Problems)
	for _, l := range []capture.Loss{capture.LossURingFull, capture.LossURingUnseen} {
		assert.Zero(t, losses[l], l.String())
	}
}

// observe captures until the returned function is called, which tells what was lost. The records
// are the receiver's to keep.
func observe(t *testing.T, record func(sysflow.Record)) (stop func() capture.Losses) {
	t.Helper()
	opts := capture.DefaultOptions()
	opts.Self = true // the parent of the scenario
	var b *flow.Builder
	c, err := capture.Open(opts, func(e *flow.Event) { b.Apply(e) })
	require.NoError(t, err)
	t.Cleanup(c.Close)
	b = flow.NewBuilder(flow.DefaultConfig(), c.Meter(), capture.NewHost(), func(r sysflow.Record) { record(copied(r)) })
	require.NoError(t, c.Snapshot())

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	read := func() error {
		err := c.Read(time.Now().Add(10 * time.Millisecond))
		b.Advance(c.Now())
		return err
	}
	go func() {
		for ctx.Err() == nil {
			if err := read(); err != nil {
				done <- err
				return
			}
		}
		c.Detach()
		done <- read()
	}()
	return func() capture.Losses {
		cancel()
		require.NoError(t, <-done)
		losses, err := c.Losses()
		require.NoError(t, err)
		return losses
	}
}

// copied returns a record that the builder does not use again.
func copied(r sysflow.Record) sysflow.Record {
	switch r := r.(type) {
	case *sysflow.Process:
		c := *r
		return &c
	case *sysflow.File:
		c := *r
		return &c
	case *sysflow.ProcessEvent:
		c := *r
		return &c
	case *sysflow.FileEvent:
		c := *r
		if r.NewFileOID != nil {
			id := *r.NewFileOID
			c.NewFileOID = &id
		}
		return &c
	case *sysflow.FileFlow:
		c := *r
		return &c
	case *sysflow.NetworkFlow:
		c := *r
		return &c
	case *sysflow.NetworkEvent:
		c := *r
		return &c
	case *sysflow.ProcessFlow:
		c := *r
		return &c
	}
	return r
}
