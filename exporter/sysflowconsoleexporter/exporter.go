package sysflowconsoleexporter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-sysflow/otelcol-sysflow/exporter/sysflowconsoleexporter/internal/metadata"
	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/text"
)

// flushSize bounds the text of a big batch in memory. Only whole lines are written, so
// that what others write to the same terminal does not get into them.
const flushSize = 64 << 10

type consoleExporter struct {
	cfg       *Config
	out       *os.File
	location  *time.Location
	wanted    [sysflow.NumKinds]bool
	telemetry *metadata.TelemetryBuilder

	mu        sync.Mutex // guards everything below
	color     bool
	width     int // of the formatter's lines, 0 when out is no terminal
	formatter *text.LineFormatter
	decoder   *plogs.Decoder
	text      []byte // not yet written
	lines     int64  // in text
	gone      bool   // nobody reads the output any more
}

func newConsoleExporter(cfg *Config, set component.TelemetrySettings) (*consoleExporter, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	out := os.Stdout
	if cfg.Output == OutputStderr {
		out = os.Stderr
	}
	return &consoleExporter{
		cfg:       cfg,
		out:       out,
		location:  time.Local,
		wanted:    cfg.wanted(),
		telemetry: telemetry,
		decoder:   plogs.NewDecoder(),
	}, nil
}

// start looks at the terminal, which may be another one than where the configuration
// was checked.
func (e *consoleExporter) start(context.Context, component.Host) error {
	// By default Go ends a program that writes to a standard stream which nobody reads.
	// This stays so after Shutdown: components that stop later may still write there.
	signal.Ignore(syscall.SIGPIPE)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.color = e.cfg.Color.For(e.out)
	e.newFormatter(terminal.Width(e.out))
	return nil
}

func (e *consoleExporter) newFormatter(width int) {
	e.width = width
	e.formatter = text.NewLineFormatter(text.LineOptions{Location: e.location, Color: e.color, Width: width})
}

func (e *consoleExporter) shutdown(context.Context) error {
	e.telemetry.Shutdown()
	return nil
}

// consumeLogs prints a batch. That the output is closed is an error once: whoever
// closed it has seen enough, and the rest of the pipeline goes on.
func (e *consoleExporter) consumeLogs(ctx context.Context, ld plog.Logs) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		e.telemetry.SysflowConsoleDroppedRecords.Add(ctx, int64(ld.LogRecordCount()))
		return nil
	}
	err := e.print(ctx, ld)
	if err == nil {
		return nil
	}
	e.telemetry.SysflowConsoleDroppedRecords.Add(ctx, int64(ld.LogRecordCount()))
	if isGone(err) {
		e.gone = true
		err = fmt.Errorf("%s is closed, no more lines are printed: %w", e.cfg.Output, err)
	} else {
		err = fmt.Errorf("printing to %s: %w", e.cfg.Output, err)
	}
	return consumererror.NewPermanent(err)
}

// isGone tells whether an output that failed with err will never take anything again:
// its reader ended (EPIPE), or the terminal hung up (EIO).
func isGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) || errors.Is(err, os.ErrClosed)
}

func (e *consoleExporter) print(ctx context.Context, ld plog.Logs) error {
	if width := terminal.Width(e.out); width != e.width {
		e.newFormatter(width)
	}
	skipped, ignored := e.decoder.Skipped(), e.decoder.Ignored()
	err := e.decoder.Decode(ld, func(o *plogs.Observation) error {
		if o.Event == nil || !e.wanted[o.Event.Kind()] && o.Alert == nil {
			return nil
		}
		begin := len(e.text)
		e.text = e.formatter.Append(e.text, o)
		if e.width > 0 {
			e.text = append(e.text[:begin], clip(e.text[begin:], e.width)...)
		}
		e.lines++
		if o.Alert != nil {
			e.text = e.formatter.AppendAlert(e.text, o) // whole: what matters most is not cut
			e.lines++
		}
		if len(e.text) < flushSize {
			return nil
		}
		return e.flush(ctx)
	})
	if err == nil {
		err = e.flush(ctx)
	}
	if n := e.decoder.Skipped() - skipped; n > 0 {
		e.telemetry.SysflowConsoleSkippedRecords.Add(ctx, n)
	}
	if n := e.decoder.Ignored() - ignored; n > 0 {
		e.telemetry.SysflowConsoleIgnoredAttributes.Add(ctx, n)
	}
	return err
}

func (e *consoleExporter) flush(ctx context.Context) error {
	if len(e.text) == 0 {
		return nil
	}
	_, err := e.out.Write(e.text)
	if err == nil {
		e.telemetry.SysflowConsoleLines.Add(ctx, e.lines)
	}
	e.text, e.lines = e.text[:0], 0
	return err
}
