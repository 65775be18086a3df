// Package progress shows on a terminal how far a long job has come.
package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/terminal"
)

const (
	// patience is how long a job runs before a bar is shown.
	patience = time.Second
	refresh  = 200 * time.Millisecond
	// erase returns to the start of the line and clears it.
	erase = "\r\x1b[K"
)

// Bar is a line at the bottom of a terminal. It is also a writer to the same
// terminal, which keeps messages and the bar apart.
type Bar struct {
	mu    sync.Mutex
	w     io.Writer
	shown bool
	stop  chan struct{}
	done  sync.WaitGroup
}

// Show starts a bar when it is wanted and w is a terminal. It returns where messages go, and what
// ends the bar.
func Show(w io.Writer, wanted bool, total int64, read *atomic.Int64) (messages io.Writer, stop func()) {
	if !wanted || !terminal.Is(w) {
		return w, func() {}
	}
	bar := Start(w, terminal.Width(w), total, read)
	return bar, bar.Stop
}

// Start shows the progress of a job on w: read bytes out of total (0 when unknown).
// width is that of the terminal. The caller must call Stop.
func Start(w io.Writer, width int, total int64, read *atomic.Int64) *Bar {
	b := &Bar{w: w, stop: make(chan struct{})}
	b.done.Go(func() { b.run(width, total, read) })
	return b
}

func (b *Bar) run(width int, total int64, read *atomic.Int64) {
	begin := time.Now()
	ticker := time.NewTicker(refresh)
	defer ticker.Stop()
	for {
		select {
		case <-b.stop:
			return
		case now := <-ticker.C:
			if elapsed := now.Sub(begin); elapsed >= patience {
				b.show(line(width, read.Load(), total, elapsed))
			}
		}
	}
}

func (b *Bar) show(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shown = true
	io.WriteString(b.w, erase+text) //nolint:errcheck // a bar that cannot be shown is no loss
}

// Write writes a message above the bar.
func (b *Bar) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
	return b.w.Write(p)
}

// Stop removes the bar.
func (b *Bar) Stop() {
	close(b.stop)
	b.done.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
}

func (b *Bar) clear() {
	if b.shown {
		io.WriteString(b.w, erase) //nolint:errcheck // as above
		b.shown = false
	}
}

// line draws the bar for a terminal of the given width.
func line(width int, read, total int64, elapsed time.Duration) string {
	rate := float64(read) / elapsed.Seconds()
	if total <= 0 {
		return fmt.Sprintf("%s, %s/s", size(float64(read)), size(rate))
	}
	read = min(read, total)
	eta := "-"
	if rate > 0 {
		eta = time.Duration(float64(total-read) / rate * float64(time.Second)).Round(time.Second).String()
	}
	text := fmt.Sprintf(" %3d%%  %s of %s, %s/s, %s left",
		read*100/total, size(float64(read)), size(float64(total)), size(rate), eta)
	cells := min(width-len(text)-3, 40)
	if cells < 5 {
		return strings.TrimSpace(text)
	}
	full := int(read * int64(cells) / total)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", cells-full) + "]" + text
}

// size formats a number of bytes.
func size(n float64) string {
	const step = 1024
	unit := 0
	units := [...]string{"B", "KiB", "MiB", "GiB", "TiB"}
	for n >= step && unit < len(units)-1 {
		n /= step
		unit++
	}
	if unit == 0 {
		return fmt.Sprintf("%.0f B", n)
	}
	return fmt.Sprintf("%.1f %s", n, units[unit])
}
