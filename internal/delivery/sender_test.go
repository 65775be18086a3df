package delivery

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
)

const tick = time.Millisecond

// pipeline remembers the bodies that it accepts, and refuses what refuse says.
type pipeline struct {
	mutates  bool
	refuse   func(call int, logs plog.Logs) error
	calls    int
	accepted []string
}

func (p *pipeline) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: p.mutates}
}

func (p *pipeline) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	p.calls++
	if p.mutates {
		for _, record := range recordsOf(logs).All() {
			record.Body().SetStr(record.Body().Str() + "!")
		}
	}
	if p.refuse != nil {
		if err := p.refuse(p.calls, logs); err != nil {
			return err
		}
	}
	for _, record := range recordsOf(logs).All() {
		p.accepted = append(p.accepted, record.Body().Str())
	}
	return nil
}

// refuseUntil refuses every call before the given one.
func refuseUntil(accepted int, err error) func(int, plog.Logs) error {
	return func(call int, _ plog.Logs) error {
		if call < accepted {
			return err
		}
		return nil
	}
}

func refuseAlways(err error) func(int, plog.Logs) error {
	return func(int, plog.Logs) error { return err }
}

func newSender(t *testing.T, next consumer.Logs, change func(*configretry.BackOffConfig)) *Sender {
	t.Helper()
	observer, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverCreateSettings: receivertest.NewNopSettings(component.MustNewType("test")),
	})
	require.NoError(t, err)
	retry := configretry.NewDefaultBackOffConfig()
	retry.InitialInterval, retry.MaxInterval, retry.MaxElapsedTime = tick, 2*tick, 0
	if change != nil {
		change(&retry)
	}
	return &Sender{
		Next: next, Retry: retry, Observer: observer, Format: "test", Logger: zap.NewNop(), Context: context.Background(),
	}
}

// bodies makes log records with these bodies.
func bodies(texts ...string) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, text := range texts {
		records.AppendEmpty().Body().SetStr(text)
	}
	return logs
}

func recordsOf(logs plog.Logs) plog.LogRecordSlice {
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
}

func TestSend(t *testing.T) {
	errRefused := errors.New("refused")
	partial := func(int, plog.Logs) error { return consumererror.NewLogs(errRefused, bodies("b")) }
	once := func(c *configretry.BackOffConfig) { c.Enabled = false }
	for name, tt := range map[string]struct {
		retry    func(*configretry.BackOffConfig)
		refuse   func(int, plog.Logs) error
		accepted []string
		calls    int
		refused  int
	}{
		"accepted":         {accepted: []string{"a", "b"}, calls: 1},
		"accepted at last": {refuse: refuseUntil(4, errRefused), accepted: []string{"a", "b"}, calls: 4},
		"only what failed is sent again": {
			refuse: refuseUntil(2, partial(0, plog.Logs{})), accepted: []string{"b"}, calls: 2,
		},
		"permanent":               {refuse: refuseAlways(consumererror.NewPermanent(errRefused)), refused: 2, calls: 1},
		"no retry":                {retry: once, refuse: refuseAlways(errRefused), refused: 2, calls: 1},
		"only what failed counts": {retry: once, refuse: partial, refused: 1, calls: 1},
		"no more retries": {
			retry:   func(c *configretry.BackOffConfig) { c.MaxElapsedTime = time.Nanosecond },
			refuse:  refuseAlways(errRefused),
			refused: 2, calls: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			next := &pipeline{refuse: tt.refuse}
			err := newSender(t, next, tt.retry).Send(t.Context(), bodies("a", "b"))
			assert.Equal(t, tt.accepted, next.accepted)
			assert.Equal(t, tt.calls, next.calls)
			if tt.refused == 0 {
				require.NoError(t, err)
				return
			}
			var failed *Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, tt.refused, failed.Records)
			assert.False(t, failed.Interrupted)
			require.ErrorIs(t, err, errRefused)
		})
	}
}

func TestSendNothing(t *testing.T) {
	next := &pipeline{}
	require.NoError(t, newSender(t, next, nil).Send(t.Context(), plog.NewLogs()))
	assert.Zero(t, next.calls)
}

// TestSendToMutatingPipeline: what a processor did to the batch before an exporter refused
// it must not be done twice.
func TestSendToMutatingPipeline(t *testing.T) {
	next := &pipeline{mutates: true, refuse: refuseUntil(3, errors.New("refused"))}
	require.NoError(t, newSender(t, next, nil).Send(t.Context(), bodies("a")))
	assert.Equal(t, []string{"a!"}, next.accepted)
}

func TestSendEndsWithContext(t *testing.T) {
	errRefused := errors.New("refused")
	for name, tt := range map[string]struct {
		retry       bool
		answer      error
		interrupted bool
	}{
		"refused for now":  {retry: true, answer: errRefused, interrupted: true},
		"no retry":         {retry: false, answer: errRefused, interrupted: true},
		"refused for good": {retry: true, answer: consumererror.NewPermanent(errRefused)},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			next := &pipeline{refuse: func(int, plog.Logs) error {
				cancel()
				return tt.answer
			}}
			err := newSender(t, next, func(c *configretry.BackOffConfig) { c.Enabled = tt.retry }).Send(ctx, bodies("a", "b"))
			var failed *Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, tt.interrupted, failed.Interrupted)
			assert.Equal(t, tt.interrupted, errors.Is(err, context.Canceled))
			assert.Equal(t, 2, failed.Records)
			require.ErrorIs(t, err, errRefused)
			assert.Equal(t, 1, next.calls)
		})
	}
}

// TestSendOnceAfterTheEnd: what a receiver still holds at shutdown is offered.
func TestSendOnceAfterTheEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	next := &pipeline{}
	require.NoError(t, newSender(t, next, nil).Send(ctx, bodies("a")))
	assert.Equal(t, []string{"a"}, next.accepted)
}
