package sysflowreceiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/delivery"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/capture"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/sysflowreceiver/internal/metadata"
)

// sysflowReceiver runs two goroutines: one empties the ring buffer and builds records, the
// other hands full batches to the pipeline. When the pipeline is slow the first waits for the
// second, and the ring buffer takes up the slack; what it cannot hold is counted.
type sysflowReceiver struct {
	cfg       *Config
	set       receiver.Settings
	sender    *delivery.Sender
	telemetry *telemetry

	capture *capture.Capture
	host    *capture.Host
	builder *flow.Builder
	// filter is nil when all processes are wanted.
	filter     *filter
	gaps       gaps
	containers *containers
	encoder    *plogs.Encoder
	batches    chan plog.Logs
	// pendingSince is when the first record of the current batch was added.
	pendingSince time.Time

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// queuedBatches is how many batches may wait for the pipeline, besides one on its way and one that
// is being filled: the ring buffer holds more in less memory.
const queuedBatches = 1

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*sysflowReceiver, error) {
	obsreport, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID:             set.ID,
		Transport:              "ebpf",
		ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	sender := &delivery.Sender{
		Next: next, Retry: cfg.RetryConfig, Observer: obsreport, Format: metadata.Type.String(), Logger: set.Logger,
		Context: context.Background(), // a batch that is on its way is not cut off by the shutdown
	}
	return &sysflowReceiver{cfg: cfg, set: set, sender: sender}, nil
}

// Start implements component.Component.
func (r *sysflowReceiver) Start(context.Context, component.Host) error {
	header, err := r.header()
	if err != nil {
		return err
	}
	if r.containers, err = newContainers(&r.cfg.Containers, r.set.Logger, r.encode); err != nil {
		return err
	}
	flowConfig := r.cfg.flowConfig()
	if r.cfg.Filter != "" {
		if r.filter, err = newFilter(r.cfg.Filter, header, r.set.Logger); err != nil {
			return errors.Join(err, r.containers.close())
		}
		r.filter.lookup = r.containers.lookup
		flowConfig.Filter = r.filter
	}
	if err := r.open(); err != nil {
		return errors.Join(err, r.containers.close())
	}
	if r.filter != nil {
		r.filter.judge = r.capture.Judge
	}
	r.gaps.from = r.capture.Now()
	r.encoder = plogs.NewEncoder(plogs.EncoderOptions{Version: r.set.BuildInfo.Version})
	r.encoder.Add(header)
	r.builder = flow.NewBuilder(flowConfig, r.capture.Meter(), r.host, r.add)
	r.batches = make(chan plog.Logs, queuedBatches)
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	r.done.Add(2)
	go r.deliver(ctx)
	go r.observe(ctx)
	return nil
}

// open starts the capture, and what reports on it.
func (r *sysflowReceiver) open() (err error) {
	r.host = capture.NewHost()
	opts := r.cfg.captureOptions()
	if opts.Containers = r.containers.table(); opts.Containers != nil {
		r.host.UseContainers(opts.Containers)
	}
	if r.filter != nil {
		opts.Filtered, opts.Inherited = true, r.filter.condition.Inherited()
	}
	r.capture, err = capture.Open(opts, func(e *flow.Event) { r.builder.Apply(e) })
	if err != nil {
		return err
	}
	if r.telemetry, err = newTelemetry(r.set, r.capture); err != nil {
		r.capture.Close()
	}
	return err
}

func (r *sysflowReceiver) header() (*sysflow.Header, error) {
	id := r.cfg.Node.ID
	if id == "" {
		name, err := os.Hostname()
		if err != nil {
			return nil, fmt.Errorf("finding the host's name, set node::id instead: %w", err)
		}
		id = name
	}
	return &sysflow.Header{Version: sysflow.SchemaVersion, Exporter: id, IP: r.cfg.Node.IP}, nil
}

// Shutdown implements component.Component.
func (r *sysflowReceiver) Shutdown(context.Context) error {
	if r.cancel == nil {
		return nil
	}
	r.cancel()
	r.done.Wait()
	r.telemetry.close()
	r.capture.Close()
	r.cancel = nil
	return r.containers.close()
}

// housekeepingInterval is how often telemetry is brought up to date and what was missed is
// looked for; reconcileInterval how often every process is looked up in /proc.
const (
	housekeepingInterval = time.Second
	reconcileInterval    = time.Minute
)

// observe builds records until the receiver is shut down.
func (r *sysflowReceiver) observe(ctx context.Context) {
	defer r.done.Done()
	defer close(r.batches)
	r.set.Logger.Info("Capture attached", zap.String("programs", r.capture.Describe()))
	if err := r.capture.Snapshot(); err != nil {
		r.set.Logger.Warn("What runs already is only known from its first use on", zap.Error(err))
	}
	r.builder.Reconsider() // by now their ancestors are known
	r.set.Logger.Info("Capture started", zap.Int("processes", r.builder.Stats().Processes))
	now := time.Now()
	housekeeping, reconcile := now.Add(housekeepingInterval), now.Add(reconcileInterval)
	for ctx.Err() == nil {
		if err := r.capture.Read(time.Now().Add(r.cfg.Capture.PollInterval)); err != nil {
			r.set.Logger.Error("Capture ended", zap.Error(err))
			break
		}
		r.builder.Advance(r.capture.Seen())
		r.containers.tick()
		if ids := r.filter.decided(); len(ids) > 0 {
			r.builder.Reconsider(ids...)
		}
		now = time.Now()
		if r.encoder.Len() > 0 && now.Sub(r.pendingSince) >= r.cfg.Batch.Timeout {
			r.flush()
		}
		if now.After(housekeeping) {
			housekeeping = now.Add(housekeepingInterval)
			r.takeStock()
		}
		if now.After(reconcile) {
			reconcile = now.Add(reconcileInterval)
			r.builder.Reconcile(r.host.IsAlive, r.capture.Seen())
		}
	}
	r.finish()
}

// finish writes what the kernel still holds and all that is open.
func (r *sysflowReceiver) finish() {
	r.capture.Detach()
	if err := r.capture.Drain(); err != nil {
		r.set.Logger.Warn("The last events are missing", zap.Error(err))
	}
	r.builder.Close(r.capture.Now())
	r.takeStock()
	r.containers.flush()
	r.flush()
	r.telemetry.warn(r.set.Logger) // the last ones, too
}

// takeStock brings telemetry up to date, and notes in the records what is missing in them.
func (r *sysflowReceiver) takeStock() {
	r.telemetry.update(r.builder.Stats(), r.containers.stats(), r.set.Logger)
	if losses, err := r.telemetry.losses(); err == nil {
		for _, gap := range r.gaps.since(losses, r.capture.Now()) {
			r.add(gap)
		}
	}
}

// add takes a record from the builder.
func (r *sysflowReceiver) add(rec sysflow.Record) {
	if r.containers != nil {
		r.containers.stage.Add(rec)
		return
	}
	r.encode(rec)
}

// encode adds a record to the current batch.
func (r *sysflowReceiver) encode(rec sysflow.Record) {
	if r.encoder.Len() == 0 {
		r.pendingSince = time.Now()
	}
	r.encoder.Add(rec)
	if r.encoder.Len() >= r.cfg.Batch.Size {
		r.flush()
	}
}

// flush hands the current batch on, and waits when too many are under way.
func (r *sysflowReceiver) flush() {
	if r.encoder.Len() > 0 {
		r.batches <- r.encoder.Take()
	}
}
