// Package suppress keeps alerts from flooding whoever reads them: repetitions within a
// window, and more of a rule than its rate allows. Its clock is the time of the records,
// so that a replay raises the alerts that the live host raised.
package suppress

import (
	"net/netip"
	"sync"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// MinEntries is the fewest alerts that a Dedup can be told to remember: it holds two
// generations.
const MinEntries = 2

// Dedup suppresses alerts that repeat one within a window. It may be used by several
// goroutines at once, as long as the alerts of a node come from one at a time.
type Dedup struct {
	window int64
	// limit is that of a generation. The older one goes when the younger one is full.
	limit int

	mu         sync.Mutex
	young, old map[key]seen
	evicted    int64
}

// key is what alerts have in common to be repetitions: rule, process, container, and the
// file or the peer.
type key struct {
	node, rule, container string
	process               sysflow.OID
	path                  string
	peer                  netip.Addr
}

// seen is an alert that was raised, and how many repetitions were not.
type seen struct {
	at, suppressed int64
}

// NewDedup returns a Dedup that remembers at most so many alerts, and at least half as
// many, those seen last; nil, which lets everything pass, if there is no window.
func NewDedup(window time.Duration, entries int) *Dedup {
	if window <= 0 {
		return nil
	}
	return &Dedup{window: window.Nanoseconds(), limit: max(MinEntries, entries) / 2, young: make(map[key]seen)}
}

// Repeats reports whether the alert repeats one that was raised, and counts it then. An
// alert that does not is forgotten unless Raised tells that it was given.
func (d *Dedup) Repeats(rule string, r *field.Record) bool {
	if d == nil {
		return false
	}
	k, now := keyOf(rule, r), written(r)
	d.mu.Lock()
	defer d.mu.Unlock()
	last, known := d.get(k)
	if !known || !d.lasts(last, now) {
		return false
	}
	last.suppressed++
	d.put(k, last, now)
	return true
}

// Raised tells that the alert was given, and returns how many repetitions of the one
// before were not.
func (d *Dedup) Raised(rule string, r *field.Record) (suppressed int64) {
	if d == nil {
		return 0
	}
	k, now := keyOf(rule, r), written(r)
	d.mu.Lock()
	defer d.mu.Unlock()
	last, _ := d.get(k)
	d.put(k, seen{at: now}, now)
	return last.suppressed
}

// Evicted returns how many alerts were forgotten for lack of room while they mattered: in
// their window, or with a count of repetitions that nobody was told.
func (d *Dedup) Evicted() int64 {
	if d == nil {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.evicted
}

// lasts reports whether the window of an alert lasts. Records come out of order, and
// traces are replayed after others.
func (d *Dedup) lasts(s seen, now int64) bool {
	age := now - s.at
	return -d.window < age && age < d.window
}

func (d *Dedup) get(k key) (seen, bool) {
	s, known := d.young[k]
	if !known {
		s, known = d.old[k]
	}
	return s, known
}

// put is not what recent.Map does: that one does not tell what it forgets.
func (d *Dedup) put(k key, s seen, now int64) {
	delete(d.old, k)
	if _, there := d.young[k]; !there && len(d.young) >= d.limit {
		for _, lost := range d.old {
			if lost.suppressed > 0 || d.lasts(lost, now) {
				d.evicted++
			}
		}
		d.old, d.young = d.young, make(map[key]seen)
	}
	d.young[k] = s
}

func keyOf(rule string, r *field.Record) key {
	k := key{rule: rule}
	if r.Node != nil {
		k.node = r.Node.Name
	}
	if p := r.Process; p != nil {
		k.process, k.container = p.OID, p.ContainerID
	}
	switch r.Kind {
	case sysflow.KindFileEvent, sysflow.KindFileFlow:
		k.path = r.File.Path
	case sysflow.KindNetworkEvent, sysflow.KindNetworkFlow:
		// The source began the connection, so it is the peer of whoever accepts.
		if k.peer = r.DIP; r.Ops&sysflow.OpAccept != 0 {
			k.peer = r.SIP
		}
	}
	return k
}

// written is when a record was written: flows when they end or are reported, however long
// ago they began.
func written(r *field.Record) int64 {
	if r.EndTS != 0 {
		return r.EndTS
	}
	return r.TS
}
