package filereceiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

// deliveryGrace is how long Shutdown waits for the pipeline to accept the batch at hand.
const deliveryGrace = 5 * time.Second

// fileReceiver replays traces. One goroutine looks for files and replays them one
// after the other; start and Shutdown frame it.
type fileReceiver struct {
	cfg    *Config
	set    receiver.Settings
	next   consumer.Logs
	logger *zap.Logger
	obs    *receiverhelper.ObsReport
	meter  *meter
	// exit ends the collector.
	exit func(ctx context.Context) error

	// stop ends the replay, abort also the delivery of the batch at hand.
	stop, abort context.CancelFunc
	running     sync.WaitGroup
	positions   *positions
}

func newFileReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*fileReceiver, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              "file",
		ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &fileReceiver{
		cfg:    cfg,
		set:    set,
		next:   next,
		logger: set.Logger,
		obs:    obs,
		meter:  newMeter(telemetry),
		exit:   terminate,
	}, nil
}

// Start begins the replay, which outlives the start and its context.
func (r *fileReceiver) Start(ctx context.Context, host component.Host) error {
	if dir := r.cfg.QuarantineDirectory; dir != "" {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return fmt.Errorf("quarantine_directory: %w", err)
		}
	}
	positions, err := openPositions(ctx, host, r.cfg.StorageID, r.set.ID)
	if err != nil {
		return err
	}
	r.positions = positions
	replayCtx, stop := context.WithCancel(context.Background())
	deliveryCtx, abort := context.WithCancel(context.Background())
	r.stop, r.abort = stop, abort
	rep := newReplay(r, deliveryCtx)
	r.logger.Info("Replaying traces", zap.Strings("include", r.cfg.Include), zap.String("mode", string(r.cfg.Mode)))
	r.running.Go(func() { r.run(replayCtx, rep) })
	return nil
}

// run replays what is there and, in mode follow, what comes later.
func (r *fileReceiver) run(ctx context.Context, rep *replay) {
	if r.cfg.Mode == ModeFollow {
		for again := true; again; {
			again = rep.pass(ctx) && sleep(ctx, r.cfg.PollInterval)
		}
		return
	}
	if !rep.pass(ctx) {
		return
	}
	r.logger.Info("All traces are replayed", zap.Int64("files", rep.files),
		zap.Int64("files_failed", rep.failed), zap.Int64("records", rep.records))
	if !r.cfg.ExitWhenDone {
		return
	}
	if err := r.exit(ctx); err != nil {
		r.logger.Error("Cannot end the collector after the replay, end it by hand", zap.Error(err))
	}
}

// Shutdown ends the replay. The pipeline gets a little time to accept the batch at
// hand, so that it need not be sent again after a restart.
func (r *fileReceiver) Shutdown(ctx context.Context) error {
	if r.stop == nil {
		return nil // never started, or ended before
	}
	r.stop()
	done := make(chan struct{})
	go func() {
		r.running.Wait()
		close(done)
	}()
	grace := time.NewTimer(deliveryGrace)
	defer grace.Stop()
	select {
	case <-done:
	case <-grace.C:
	case <-ctx.Done():
	}
	r.abort()
	select {
	case <-done:
	case <-ctx.Done():
		return errors.New("the pipeline still holds the last batch of the replay")
	}
	r.stop = nil
	r.meter.shutdown()
	return r.positions.close(ctx)
}
