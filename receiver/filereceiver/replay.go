package filereceiver

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/delivery"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
	"github.com/otelcol-sysflow/otelcol-sysflow/receiver/filereceiver/internal/metadata"
)

// sweepInterval is how often the index of positions is written while nothing happens.
const sweepInterval = time.Hour

// replay goes through the files, again and again in mode follow. It is used by one
// goroutine only.
type replay struct {
	cfg       *Config
	logger    *zap.Logger
	meter     *meter
	finder    finder
	positions *positions
	stream    *stream
	delivery  *delivery.Sender

	// seen tells what became of the files that are there.
	seen map[string]seenFile
	// findError and storageFailed keep a lasting trouble from being logged again and again.
	findError     string
	storageFailed bool
	lastSweep     time.Time

	files, failed, records int64
}

// seenFile is what became of a file when it had that stamp.
type seenFile struct {
	stamp stamp
	// id is the file's identity, empty if it has none.
	id string
	// incomplete: it ended within a block and may go on.
	incomplete bool
	// trouble says why it could not be read at all: that may pass without any change of the file.
	trouble string
}

func newReplay(r *fileReceiver, deliveryCtx context.Context) *replay { //nolint:revive // ctx is a part, not the caller's
	return &replay{
		cfg:       r.cfg,
		logger:    r.logger,
		meter:     r.meter,
		finder:    finder{include: r.cfg.Include, exclude: r.cfg.Exclude, quarantine: r.cfg.QuarantineDirectory},
		positions: r.positions,
		stream:    newStream(r.cfg.BatchSize, r.cfg.Speed),
		delivery: &delivery.Sender{
			Next: r.next, Retry: r.cfg.RetryConfig, Observer: r.obs, Format: metadata.Type.String(), Logger: r.logger,
			Context: deliveryCtx,
		},
		seen: make(map[string]seenFile),
	}
}

// pass replays what is to be replayed now. It is false when ctx ended.
func (p *replay) pass(ctx context.Context) bool {
	files, err := p.finder.find()
	p.reportFind(err)
	worked := false
	seen := make(map[string]seenFile, len(files))
	for _, c := range files {
		if p.due(c) {
			p.seen[c.Path] = p.file(ctx, c)
			worked = true
		}
		if ctx.Err() != nil {
			return false
		}
		if s, ok := p.seen[c.Path]; ok {
			seen[c.Path] = s
		}
	}
	p.seen = seen
	if worked || time.Since(p.lastSweep) >= sweepInterval {
		p.sweep(ctx)
	}
	return true
}

func (p *replay) reportFind(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != "" && text != p.findError {
		p.logger.Warn("Cannot find everything that include names", zap.Error(err))
	}
	p.findError = text
}

// due reports whether a file is to be replayed, or replayed further, now.
func (p *replay) due(c *candidate) bool {
	s, known := p.seen[c.Path]
	if known && s.stamp == c.stamp() && s.trouble == "" && (!s.incomplete || c.newest) {
		return false
	}
	return p.cfg.Mode == ModeOnce || c.finished(time.Now(), p.cfg.SettleTime)
}

// file replays a file from where it was left, and returns what became of it.
func (p *replay) file(ctx context.Context, c *candidate) seenFile {
	t, err := openTrace(ctx, c.Path, p.positions)
	if err != nil {
		return p.cannotRead(ctx, c, err)
	}
	defer t.close()
	s := seenFile{stamp: c.stamp(), id: t.id}
	if t.pos.Size > 0 && t.pos.Size == t.size {
		p.logger.Debug("Trace was replayed before", zap.String("path", c.Path), zap.String("error", t.pos.Error))
		if t.pos.Error == "" && p.remove(ctx, t) {
			s.id = ""
		}
		return s
	}
	start, before := time.Now(), t.pos.Records
	err = p.stream.run(ctx, t.file, c.Path, t.pos.Records, func(b batch) error { return p.deliver(ctx, t, b) })
	switch {
	case ctx.Err() != nil: // it goes on after the restart
	case err == nil:
		p.files++
		p.meter.file(ctx)
		p.logger.Info("Trace replayed", zap.String("path", c.Path),
			zap.Int64("records", t.pos.Records-before), zap.Duration("took", time.Since(start)))
		t.pos.Size, t.pos.Error = t.read, ""
		p.save(ctx, t)
		if p.remove(ctx, t) {
			s.id = ""
		}
	case p.cfg.Mode == ModeFollow && c.newest && errors.Is(err, avro.ErrTruncated):
		p.logger.Info("Trace ends within a block, waiting for the rest", zap.Error(err))
		s.incomplete = true
	case errors.As(err, new(*avro.Error)):
		p.giveUp(ctx, t, err)
	default:
		return p.cannotRead(ctx, c, err)
	}
	return s
}

// deliver hands a batch to the pipeline and moves the position behind it.
func (p *replay) deliver(ctx context.Context, t *trace, b batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := p.delivery.Send(ctx, b.logs)
	if refused, ok := errors.AsType[*delivery.Error](err); ok && !refused.Interrupted {
		p.meter.dropped(ctx, refused.Records)
		p.logger.Error("Records are lost", zap.String("path", t.path), zap.Error(err))
		t.pos.Refused += int64(refused.Records)
	} else if err != nil {
		return err
	}
	p.meter.batch(ctx, &b)
	for _, n := range b.kinds {
		p.records += n
	}
	t.read += b.bytes
	t.pos.Records = max(t.pos.Records, b.end)
	p.save(ctx, t)
	return nil
}

// save writes the position, even when the replay is being stopped: the pipeline has
// the records.
func (p *replay) save(ctx context.Context, t *trace) {
	if t.id == "" {
		return
	}
	p.reportStorage(p.positions.set(context.WithoutCancel(ctx), t.id, t.pos))
}

func (p *replay) reportStorage(err error) {
	if err != nil && !p.storageFailed {
		p.logger.Error("Positions are not kept, a restart may replay records again", zap.Error(err))
	}
	p.storageFailed = err != nil
}

func (p *replay) sweep(ctx context.Context) {
	p.lastSweep = time.Now()
	present := make(map[string]bool)
	for _, s := range p.seen {
		if s.id != "" {
			present[s.id] = true
		}
	}
	p.reportStorage(p.positions.sweep(ctx, present, p.lastSweep))
}
