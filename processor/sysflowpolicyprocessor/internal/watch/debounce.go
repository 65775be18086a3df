package watch

import "time"

// patience bounds the wait for quiet, in debounce times: a folder with other files in it,
// such as /tmp, may never be quiet.
const patience = 10

// debounce fires when nothing has happened for a while.
type debounce struct {
	timer   *time.Timer
	quiet   time.Duration
	pending bool
	since   time.Time
}

func newDebounce(quiet time.Duration) *debounce {
	d := &debounce{timer: time.NewTimer(0), quiet: quiet}
	d.timer.Stop()
	return d
}

// event puts the firing off.
func (d *debounce) event() {
	if !d.pending {
		d.pending, d.since = true, time.Now()
	} else if time.Since(d.since) > patience*d.quiet {
		return
	}
	d.timer.Reset(d.quiet)
}
