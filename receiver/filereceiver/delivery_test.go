package filereceiver

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

func newDelivery(t *testing.T, next *sink, change func(*configretry.BackOffConfig)) *delivery {
	t.Helper()
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverCreateSettings: receivertest.NewNopSettings(metadata.Type),
	})
	require.NoError(t, err)
	d := &delivery{
		next: next, obs: obs, retry: config().RetryConfig, logger: zap.NewNop(), ctx: context.Background(),
	}
	if change != nil {
		change(&d.retry)
	}
	return d
}

// bodies makes log records with these bodies.
func bodies(texts ...string) plog.Logs {
	ld := plog.NewLogs()
	records := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, text := range texts {
		records.AppendEmpty().Body().SetStr(text)
	}
	return ld
}

func bodiesOf(logs []plog.Logs) []string {
	var out []string
	for _, ld := range logs {
		records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		for i := range records.Len() {
			out = append(out, records.At(i).Body().Str())
		}
	}
	return out
}

func TestSend(t *testing.T) {
	errRefused := errors.New("refused")
	for name, tt := range map[string]struct {
		retry    func(*configretry.BackOffConfig)
		refuse   func(int, plog.Logs) error
		accepted []string
		calls    int
		refused  int
	}{
		"accepted": {accepted: []string{"a", "b"}, calls: 1},
		"accepted at last": {
			refuse: func(call int, _ plog.Logs) error {
				if call < 4 {
					return errRefused
				}
				return nil
			},
			accepted: []string{"a", "b"}, calls: 4,
		},
		"only what failed is sent again": {
			refuse: func(call int, _ plog.Logs) error {
				if call == 1 {
					return consumererror.NewLogs(errRefused, bodies("b"))
				}
				return nil
			},
			accepted: []string{"b"}, calls: 2,
		},
		"permanent": {
			refuse:  func(int, plog.Logs) error { return consumererror.NewPermanent(errRefused) },
			refused: 2, calls: 1,
		},
		"no retry": {
			retry:   func(c *configretry.BackOffConfig) { c.Enabled = false },
			refuse:  func(int, plog.Logs) error { return errRefused },
			refused: 2, calls: 1,
		},
		"no more retries": {
			retry:   func(c *configretry.BackOffConfig) { c.MaxElapsedTime = time.Nanosecond },
			refuse:  func(int, plog.Logs) error { return errRefused },
			refused: 2, calls: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			next := &sink{refuse: tt.refuse}
			err := newDelivery(t, next, tt.retry).send(t.Context(), bodies("a", "b"))
			assert.Equal(t, tt.accepted, bodiesOf(next.logs))
			assert.Equal(t, tt.calls, next.calls)
			if tt.refused == 0 {
				require.NoError(t, err)
				return
			}
			var refused *refusedError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, tt.refused, refused.records)
			require.ErrorIs(t, err, errRefused)
		})
	}
}

func TestSendNothing(t *testing.T) {
	next := &sink{}
	require.NoError(t, newDelivery(t, next, nil).send(t.Context(), plog.NewLogs()))
	assert.Zero(t, next.calls)
}

// TestSendToMutatingPipeline: what a processor did to the batch before an exporter
// refused it must not be done twice.
func TestSendToMutatingPipeline(t *testing.T) {
	next := &sink{mutates: true, refuse: func(call int, ld plog.Logs) error {
		body := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body()
		body.SetStr(body.Str() + "!")
		if call < 3 {
			return errors.New("refused")
		}
		return nil
	}}
	require.NoError(t, newDelivery(t, next, nil).send(t.Context(), bodies("a")))
	assert.Equal(t, []string{"a!"}, bodiesOf(next.logs))
}

func TestSendEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	next := &sink{refuse: func(int, plog.Logs) error {
		cancel()
		return errors.New("refused")
	}}
	err := newDelivery(t, next, nil).send(ctx, bodies("a"))
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, next.calls)
}
