package sysflowavroexporter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// consumeLogs returns once the batch is on the files of its nodes: then, and only
// then, it is acknowledged. What could not be written is handed back for a retry.
func (e *avroExporter) consumeLogs(ctx context.Context, ld plog.Logs) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}

	var errs []error
	failed := plog.NewLogs()
	parts := e.partition(ld)
	for _, p := range parts {
		if err := e.writePart(p); err != nil {
			errs = append(errs, err)
			if len(parts) > 1 {
				p.logs.ResourceLogs().MoveAndAppendTo(failed.ResourceLogs())
			}
		}
	}
	switch {
	case len(errs) == 0:
		return nil
	case len(parts) == 1:
		return errs[0]
	default:
		return consumererror.NewLogs(errors.Join(errs...), failed)
	}
}

// writePart writes what one node has in a batch, whole or not at all.
func (e *avroExporter) writePart(p part) error {
	now := time.Now()
	n := e.nodes.use(p.key)
	for old := e.nodes.evict(e.cfg.MaxOpenFiles); old != nil; old = e.nodes.evict(e.cfg.MaxOpenFiles) {
		_ = e.close(old, reasonMaxOpenFiles) // logged and counted there; this batch does not depend on it
	}
	e.rotate(n, now)

	skipped, ignored := n.decoder.Skipped(), n.decoder.Ignored()
	bad, err := e.writeObservations(n, p.logs, now)
	if err == nil && n.trace != nil {
		err = e.commit(n)
	}
	if err != nil {
		e.failed(n, err, now)
		_ = e.close(n, reasonWriteError) // at the end of the batch before
		return fmt.Errorf("writing a trace of node %q: %w", n.key.exporter, err)
	}
	e.telemetry.unsound(n.decoder.Skipped()-skipped+bad, n.decoder.Ignored()-ignored)
	e.rotate(n, now)
	return nil
}

// failed counts a failed attempt, and warns of it unless that was done just now. The
// helper around this exporter tells of attempts at level info only.
func (e *avroExporter) failed(n *node, err error, now time.Time) {
	op, file := opWrite, e.dir
	if n.trace == nil {
		op = opOpen
	} else {
		file = n.trace.path + tmpSuffix
	}
	e.telemetry.failed(op)
	if now.Sub(e.warnedAt) < warnInterval {
		return
	}
	e.warnedAt = now
	what := "Cannot write a batch to a trace file, it is tried again"
	if !e.cfg.BackOffConfig.Enabled {
		what = "Cannot write a batch to a trace file, it is refused as retry_on_failure is off"
	}
	e.logger.Warn(what, zap.String("operation", string(op)), zap.String("file", file), zap.Error(err))
}

// writeObservations returns how many records the format cannot hold. Any error is one
// of the file.
func (e *avroExporter) writeObservations(n *node, ld plog.Logs, now time.Time) (int64, error) {
	var bad int64
	write := func(rec sysflow.Record) error {
		if n.trace == nil {
			return nil // a header alone; the ledger writes it again into the next file
		}
		if h, ok := rec.(*sysflow.Header); ok {
			rec = e.header(h, n.trace)
		}
		return n.trace.write(rec)
	}
	err := n.decoder.Decode(ld, func(o *plogs.Observation) error {
		if n.trace == nil && !onlyHeader(o) { // a file without records is of no use
			if err := e.open(n, now); err != nil {
				return err
			}
		}
		if err := n.ledger.Write(o, write); err != nil {
			bad++
			return n.trace.ioError() // nil when just this record is bad
		}
		return nil
	})
	return bad, err
}

// header says what file this is, and what the configuration demands.
func (e *avroExporter) header(from *sysflow.Header, t *trace) *sysflow.Header {
	h := *from
	h.Version, h.Filename = int64(e.cfg.SchemaVersion), t.path
	if e.cfg.ExporterID != "" {
		h.Exporter = e.cfg.ExporterID
	}
	if e.cfg.NodeIP != "" {
		h.IP = e.cfg.NodeIP
	}
	return &h
}

func onlyHeader(o *plogs.Observation) bool {
	return o.Event == nil && o.Process == nil && o.Container == nil && o.Pod == nil && o.File == nil
}

func (e *avroExporter) commit(n *node) error {
	added, err := n.trace.commit()
	if err != nil {
		return err
	}
	e.telemetry.written(&added)
	if !e.warnedUnwritable && added.unwritable != (recordCounts{}) {
		e.warnedUnwritable = true
		e.logger.Warn("Events with operations that schema version 5 does not have are left out of trace files, "+
			"schema_version: 6 keeps them", zap.String("file", n.trace.path))
	}
	return nil
}
