package sysflowreceiver

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// pipeline answers as told, after its processor has changed the records if it mutates.
type pipeline struct {
	mutates  bool
	answers  []error
	asked    int
	accepted []string
}

func (p *pipeline) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: p.mutates}
}

func (p *pipeline) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	p.asked++
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	var bodies []string
	for _, record := range records.All() {
		if p.mutates {
			record.Body().SetStr(record.Body().Str() + "!")
		}
		bodies = append(bodies, record.Body().Str())
	}
	if err := p.answers[min(p.asked, len(p.answers))-1]; err != nil {
		return err
	}
	p.accepted = append(p.accepted, bodies...)
	return nil
}

// batchOf makes log records with these bodies.
func batchOf(bodies ...string) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, body := range bodies {
		records.AppendEmpty().Body().SetStr(body)
	}
	return logs
}

// deliverTo delivers a batch of two log records to next and returns how many are given up.
func deliverTo(ctx context.Context, t *testing.T, next *pipeline) (refused uint64) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.RetryConfig.InitialInterval = time.Millisecond
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	r.telemetry = &telemetry{}
	r.batches = make(chan plog.Logs, 1)
	r.batches <- batchOf("a", "b")
	close(r.batches)
	r.done.Add(1)
	r.deliver(ctx)
	return r.telemetry.refused.Load()
}

func TestDeliver(t *testing.T) {
	full := errors.New("the queue is full")
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tt := range []struct {
		name     string
		ctx      context.Context
		next     pipeline
		asked    int
		accepted []string
		refused  uint64
	}{
		{name: "accepted", next: pipeline{answers: []error{nil}}, asked: 1, accepted: []string{"a", "b"}},
		{
			name: "offered again until accepted", next: pipeline{answers: []error{full, full, nil}},
			asked: 3, accepted: []string{"a", "b"},
		},
		{
			name: "offered again as it was", next: pipeline{mutates: true, answers: []error{full, full, nil}},
			asked: 3, accepted: []string{"a!", "b!"},
		},
		{
			name: "only the rest is offered again", next: pipeline{answers: []error{consumererror.NewLogs(full, batchOf("b")), nil}},
			asked: 2, accepted: []string{"b"},
		},
		{name: "refused for good", next: pipeline{answers: []error{consumererror.NewPermanent(full)}}, asked: 1, refused: 2},
		{name: "offered once when shutting down", ctx: stopped, next: pipeline{answers: []error{full}}, asked: 1, refused: 2},
		{
			name: "only the rest is lost", ctx: stopped, next: pipeline{answers: []error{consumererror.NewLogs(full, batchOf("b"))}},
			asked: 1, refused: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := tt.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			assert.Equal(t, tt.refused, deliverTo(ctx, t, &tt.next))
			assert.Equal(t, tt.asked, tt.next.asked)
			assert.Equal(t, tt.accepted, tt.next.accepted)
		})
	}
}

func TestShutdownBeforeStart(t *testing.T) {
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), nopConsumer(t))
	require.NoError(t, err)
	assert.NoError(t, r.Shutdown(context.Background()))
	assert.NoError(t, r.Shutdown(context.Background()))
}

func nopConsumer(t *testing.T) consumer.Logs {
	t.Helper()
	c, err := consumer.NewLogs(func(context.Context, plog.Logs) error { return nil })
	require.NoError(t, err)
	return c
}

func TestHeader(t *testing.T) {
	r := &sysflowReceiver{cfg: &Config{Node: NodeConfig{ID: "a", IP: "192.0.2.1"}}}
	h, err := r.header()
	require.NoError(t, err)
	assert.Equal(t, "a", h.Exporter)
	assert.Equal(t, "192.0.2.1", h.IP)
	r.cfg.Node.ID = ""
	h, err = r.header()
	require.NoError(t, err)
	assert.NotEmpty(t, h.Exporter)
}
