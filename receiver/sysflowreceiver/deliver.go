package sysflowreceiver

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/delivery"
)

// deliver hands batches to the pipeline until there are no more. At shutdown each remaining
// batch is offered once.
func (r *sysflowReceiver) deliver(ctx context.Context) {
	defer r.done.Done()
	for batch := range r.batches {
		err := r.sender.Send(ctx, batch)
		if refused, ok := errors.AsType[*delivery.Error](err); ok {
			r.telemetry.refused.Add(uint64(refused.Records))
			r.set.Logger.Warn("Log records are lost", zap.Int("log_records", refused.Records), zap.Error(err))
		}
	}
}
