package sysflowreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// How long to wait before a refused batch is offered again.
const (
	minBackoff = 50 * time.Millisecond
	maxBackoff = 5 * time.Second
)

// deliver hands batches to the pipeline until there are no more.
func (r *sysflowReceiver) deliver(ctx context.Context) {
	defer r.done.Done()
	for batch := range r.batches {
		r.deliverOne(ctx, batch)
	}
}

// deliverOne offers a batch until it is accepted or refused for good. At shutdown each
// remaining batch is offered once.
func (r *sysflowReceiver) deliverOne(ctx context.Context, batch plog.Logs) {
	n := batch.LogRecordCount()
	for backoff := minBackoff; ; backoff = min(2*backoff, maxBackoff) {
		// a batch that is on its way is not cut off by the shutdown
		opCtx := r.obsreport.StartLogsOp(context.Background())
		err := r.next.ConsumeLogs(opCtx, batch)
		r.obsreport.EndLogsOp(opCtx, metadata.Type.String(), n, err)
		if err == nil {
			return
		}
		if consumererror.IsPermanent(err) || !wait(ctx, backoff) {
			r.telemetry.refused.Add(uint64(n)) //nolint:gosec // not negative
			r.set.Logger.Warn("log records are lost, the pipeline refused them",
				zap.Int("log_records", n), zap.Error(err))
			return
		}
	}
}

// wait returns false when the receiver is shut down meanwhile.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
