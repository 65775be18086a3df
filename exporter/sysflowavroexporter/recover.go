package sysflowavroexporter

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/avro"
)

// recoverLeftovers completes the temporary files that nobody writes any more:
// cut after the last whole block, renamed, or removed when there is no record in
// them. A file that cannot be mended is left alone and keeps nobody from starting.
func (e *avroExporter) recoverLeftovers() {
	entries, err := os.ReadDir(e.dir)
	if err != nil {
		e.telemetry.failed(opOpen)
		e.logger.Error("Cannot look for incomplete trace files", zap.String("directory", e.dir), zap.Error(err))
		return
	}
	for _, entry := range entries {
		name, incomplete := strings.CutSuffix(entry.Name(), tmpSuffix)
		if !incomplete || !entry.Type().IsRegular() || !e.naming.matches(name) {
			continue
		}
		if err := e.recoverFile(filepath.Join(e.dir, name)); err != nil {
			e.telemetry.failed(opComplete)
			e.logger.Error("Cannot complete the trace file of an earlier run",
				zap.String("file", name+tmpSuffix), zap.Error(err))
		}
	}
}

// recoverFile completes the temporary file of the trace at path.
func (e *avroExporter) recoverFile(path string) error {
	f, err := os.OpenFile(path+tmpSuffix, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	mine, err := tryLock(f)
	if err != nil || !mine {
		return err // being written by another exporter, or by this one
	}
	result, err := avro.Repair(f)
	if err != nil && !errors.Is(err, avro.ErrTruncated) {
		return fmt.Errorf("repairing: %w", err)
	}
	// The first record is the header. It never comes without a batch, unless the
	// crash came in between.
	if result.Records <= 1 {
		e.logger.Info("Removed an incomplete trace file without records", zap.String("file", f.Name()))
		return os.Remove(f.Name())
	}
	err = f.Sync()
	if err == nil {
		err = publish(f.Name(), path)
	}
	if err != nil {
		return err
	}
	e.telemetry.completed(reasonRecovery)
	e.telemetry.recovered(result.Records)
	e.logger.Warn("Completed the trace file of an earlier run", zap.String("file", path),
		zap.Int64("records", result.Records), zap.Int64("bytes_removed", result.Removed))
	return nil
}
