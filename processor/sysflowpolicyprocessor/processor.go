package sysflowpolicyprocessor

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/processor/sysflowpolicyprocessor/internal/suppress"
)

// policyProcessor applies the rules in force to logs.
type policyProcessor struct {
	cfg       *Config
	logger    *zap.Logger
	telemetry *telemetry
	dedup     *suppress.Dedup
	limit     *suppress.Limit
	shards    *shards
	workers   sync.Pool

	// gate is held for reading by whoever evaluates, so that all records of a batch are
	// judged by the same rules, each of them once.
	gate  sync.RWMutex
	rules *generation // nil before start and in bypass mode

	loaded, tried string // fingerprints of files, see reload.go
	handover      string // key of lastGood
	textSize      int    // of the files in force
	freeMemory    func()
	stop          context.CancelFunc
	stopped       sync.WaitGroup
}

func newPolicyProcessor(cfg *Config, set processor.Settings) (*policyProcessor, error) {
	p := &policyProcessor{
		cfg:    cfg,
		logger: set.Logger,
		dedup:  suppress.NewDedup(cfg.Dedup.Window, cfg.Dedup.MaxEntries),
		limit:  suppress.NewLimit(cfg.RateLimit.PerSecond, cfg.RateLimit.Burst),
		shards: newShards(),

		freeMemory: debug.FreeOSMemory,
		handover:   handoverKey(set.ID, cfg.Policies),
	}
	p.workers.New = func() any { return newWorker(p) }
	var err error
	p.telemetry, err = newTelemetry(set, p)
	return p, err
}

// start loads the rules, and begins to watch their files.
func (p *policyProcessor) start(ctx context.Context, _ component.Host) error {
	if p.cfg.Mode == ModeBypass {
		return nil
	}
	if err := p.load(ctx); err != nil {
		return err
	}
	if p.cfg.Reload.Enabled {
		watching, cancel := context.WithCancel(context.Background())
		p.stop = cancel
		p.stopped.Go(func() { p.watch(watching) })
	}
	return nil
}

func (p *policyProcessor) shutdown(context.Context) error {
	if p.stop != nil {
		p.stop()
		p.stopped.Wait()
	}
	lastGood.end(p.handover, time.Now())
	return p.telemetry.shutdown()
}

// processLogs returns what passes of a batch.
func (p *policyProcessor) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	if p.cfg.Mode == ModeBypass {
		return ld, nil
	}
	began := time.Now()
	w := p.workers.Get().(*worker)
	before := ld.LogRecordCount()
	out := w.judge(ld)
	p.telemetry.batch(ctx, w, time.Since(began))
	w.reset()
	p.workers.Put(w)
	if before > 0 && out.LogRecordCount() == 0 {
		return out, processorhelper.ErrSkipProcessingData
	}
	return out, nil
}
