package sysflowavroexporter

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.uber.org/zap"
)

// completed is a complete trace file.
type completed struct {
	name     string
	size     int64
	modified time.Time
}

// retain deletes the oldest complete files beyond what the configuration keeps.
func (e *avroExporter) retain(now time.Time) {
	if !e.cfg.Retention.enabled() {
		return
	}
	files, err := e.completedFiles()
	if err != nil {
		e.telemetry.failed(opDelete)
		e.logger.Error("Cannot list trace files", zap.String("directory", e.dir), zap.Error(err))
		return
	}
	for _, f := range surplus(files, e.cfg.Retention, now) {
		if err := os.Remove(filepath.Join(e.dir, f.name)); err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				e.telemetry.failed(opDelete)
				e.logger.Error("Cannot delete an old trace file", zap.String("file", f.name), zap.Error(err))
			}
			continue
		}
		e.telemetry.deleted(1)
		e.logger.Info("Deleted an old trace file", zap.String("file", f.name), zap.Int64("bytes", f.size))
	}
}

// completedFiles lists the files of the directory that this configuration may
// have written.
func (e *avroExporter) completedFiles() ([]completed, error) {
	entries, err := os.ReadDir(e.dir)
	if err != nil {
		return nil, err
	}
	var files []completed
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !e.naming.matches(entry.Name()) {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // removed by somebody else meanwhile
		}
		files = append(files, completed{entry.Name(), info.Size(), info.ModTime()})
	}
	return files, nil
}

// surplus picks the files to delete, oldest first.
func surplus(files []completed, keep RetentionConfig, now time.Time) []completed {
	slices.SortFunc(files, func(a, b completed) int {
		return cmp.Or(a.modified.Compare(b.modified), cmp.Compare(a.name, b.name))
	})
	var bytes int64
	for _, f := range files {
		bytes += f.size
	}
	for i, f := range files {
		tooMuch := keep.MaxBytes > 0 && bytes > keep.MaxBytes
		tooMany := keep.MaxFiles > 0 && len(files)-i > keep.MaxFiles
		tooOld := keep.MaxAge > 0 && now.Sub(f.modified) > keep.MaxAge
		if !tooMuch && !tooMany && !tooOld {
			return files[:i]
		}
		bytes -= f.size
	}
	return files
}
