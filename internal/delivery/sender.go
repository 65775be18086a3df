// Package delivery hands batches of log records from a receiver to its pipeline, again when
// the pipeline refuses them for now.
package delivery

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
)

// Sender hands batches to a pipeline. Its fields are set before its first use.
type Sender struct {
	// Next is the pipeline, Retry what to do when it refuses a batch for now.
	Next  consumer.Logs
	Retry configretry.BackOffConfig
	// Observer counts what is accepted and refused, as records in Format.
	Observer *receiverhelper.ObsReport
	Format   string
	Logger   *zap.Logger
	// Context is that of the calls into the pipeline: they may go on when the receiver is
	// already being shut down.
	Context context.Context
}

// Error tells that the pipeline did not take a batch, or not all of it.
type Error struct {
	// Records is how many log records it did not take.
	Records int
	// Interrupted tells that the delivery was ended before the pipeline had refused them for
	// good.
	Interrupted bool

	err error
}

func (e *Error) Error() string {
	return fmt.Sprintf("the pipeline refused %d log records: %v", e.Records, e.err)
}

// Unwrap returns the pipeline's last answer, and what interrupted the delivery.
func (e *Error) Unwrap() error { return e.err }

// Send offers a batch until the pipeline has taken it or refuses it for good, or until ctx
// ends; it offers it once even if ctx has ended. An error is always an *Error. The batch is
// the pipeline's from now on.
func (s *Sender) Send(ctx context.Context, logs plog.Logs) error {
	records := logs.LogRecordCount()
	if records == 0 {
		return nil
	}
	callCtx := s.Observer.StartLogsOp(s.Context)
	err := s.offer(ctx, callCtx, logs)
	s.Observer.EndLogsOp(callCtx, s.Format, records, err)
	return err
}

func (s *Sender) offer(ctx, callCtx context.Context, left plog.Logs) error {
	var answer error
	final := false
	attempt := func() (struct{}, error) {
		offered := left
		left = s.spare(offered)
		if answer = s.Next.ConsumeLogs(callCtx, offered); answer == nil {
			return struct{}{}, nil
		}
		if part, ok := errors.AsType[consumererror.Logs](answer); ok {
			left = part.Data()
		}
		if consumererror.IsPermanent(answer) || !s.Retry.Enabled && ctx.Err() == nil {
			final = true
			return struct{}{}, backoff.Permanent(answer)
		}
		return struct{}{}, answer
	}
	_, err := backoff.Retry(ctx, attempt,
		backoff.WithBackOff(s.backOff()),
		backoff.WithMaxElapsedTime(s.Retry.MaxElapsedTime),
		backoff.WithNotify(func(err error, pause time.Duration) {
			s.Logger.Warn("The pipeline does not take records, trying again",
				zap.Error(err), zap.Duration("in", pause))
		}))
	if err == nil {
		return nil
	}
	failed := &Error{Records: left.LogRecordCount(), Interrupted: !final && ctx.Err() != nil, err: answer}
	if failed.Interrupted {
		failed.err = fmt.Errorf("%w, the last answer was: %w", context.Cause(ctx), answer)
	}
	return failed
}

func (s *Sender) backOff() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval:     s.Retry.InitialInterval,
		RandomizationFactor: s.Retry.RandomizationFactor,
		Multiplier:          s.Retry.Multiplier,
		MaxInterval:         s.Retry.MaxInterval,
	}
}

// spare returns what can be offered again after a failure: the batch itself, or a copy
// when the pipeline may change what it gets.
func (s *Sender) spare(logs plog.Logs) plog.Logs {
	if !s.Retry.Enabled || !s.Next.Capabilities().MutatesData {
		return logs
	}
	again := plog.NewLogs()
	logs.CopyTo(again)
	return again
}
