package sysflowreceiver

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

func twoRecords() plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty()
	records.AppendEmpty()
	return ld
}

// deliverTo runs deliverOne against a pipeline that answers as told, and returns how
// often it was asked and how many log records were given up.
func deliverTo(ctx context.Context, t *testing.T, answers ...error) (asked int, refused uint64) {
	t.Helper()
	next, err := consumer.NewLogs(func(context.Context, plog.Logs) error {
		asked++
		return answers[min(asked, len(answers))-1]
	})
	require.NoError(t, err)
	r, err := newReceiver(receivertest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config), next)
	require.NoError(t, err)
	r.telemetry = &telemetry{}
	r.deliverOne(ctx, twoRecords())
	return asked, r.telemetry.refused.Load()
}

func TestDeliver(t *testing.T) {
	full := errors.New("the queue is full")
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tt := range []struct {
		name    string
		ctx     context.Context
		answers []error
		asked   int
		refused uint64
	}{
		{"accepted", context.Background(), []error{nil}, 1, 0},
		{"offered again until accepted", context.Background(), []error{full, full, nil}, 3, 0},
		{"refused for good", context.Background(), []error{consumererror.NewPermanent(full)}, 1, 2},
		{"offered once when shutting down", stopped, []error{full}, 1, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			asked, refused := deliverTo(tt.ctx, t, tt.answers...)
			assert.Equal(t, tt.asked, asked)
			assert.Equal(t, tt.refused, refused)
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
