package filereceiver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

// delivery hands batches to the pipeline.
type delivery struct {
	next   consumer.Logs
	obs    *receiverhelper.ObsReport
	retry  configretry.BackOffConfig
	logger *zap.Logger
	// ctx ends calls into the pipeline that take too long to wait for at shutdown.
	ctx context.Context //nolint:containedctx // the receiver's, which outlives each call
}

// refusedError tells that the pipeline will not take some records.
type refusedError struct {
	records int
	err     error
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("the pipeline refused %d log records: %v", e.records, e.err)
}

func (e *refusedError) Unwrap() error { return e.err }

// send hands over a batch, again and again if the pipeline refuses it for now. It
// returns a *refusedError when the pipeline refuses for good, and ctx's error when
// that ended first: then the batch counts as not sent.
func (d *delivery) send(ctx context.Context, logs plog.Logs) error {
	records := logs.LogRecordCount()
	if records == 0 {
		return nil
	}
	opCtx := d.obs.StartLogsOp(d.ctx)
	err := d.try(ctx, opCtx, logs)
	d.obs.EndLogsOp(opCtx, metadata.Type.String(), records, err) //nolint:contextcheck // see the field
	return err
}

func (d *delivery) try(ctx, opCtx context.Context, logs plog.Logs) error {
	wait := backoff.ExponentialBackOff{
		InitialInterval:     d.retry.InitialInterval,
		RandomizationFactor: d.retry.RandomizationFactor,
		Multiplier:          d.retry.Multiplier,
		MaxInterval:         d.retry.MaxInterval,
	}
	wait.Reset()
	start := time.Now()
	for {
		again := d.spare(logs)
		err := d.next.ConsumeLogs(opCtx, logs)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil && !consumererror.IsPermanent(err) {
			return ctx.Err()
		}
		logs = again
		if part, ok := errors.AsType[consumererror.Logs](err); ok {
			logs = part.Data()
		}
		pause := wait.NextBackOff()
		expired := d.retry.MaxElapsedTime > 0 && time.Since(start)+pause > d.retry.MaxElapsedTime
		if consumererror.IsPermanent(err) || !d.retry.Enabled || expired {
			return &refusedError{records: logs.LogRecordCount(), err: err}
		}
		d.logger.Warn("The pipeline does not take records, trying again",
			zap.Error(err), zap.Duration("in", pause))
		if !sleep(ctx, pause) {
			return ctx.Err()
		}
	}
}

// spare returns what can be sent again after a failure: the batch itself, or a copy
// when the pipeline may change what it gets.
func (d *delivery) spare(logs plog.Logs) plog.Logs {
	if !d.retry.Enabled || !d.next.Capabilities().MutatesData {
		return logs
	}
	again := plog.NewLogs()
	logs.CopyTo(again)
	return again
}
