// Package suppress keeps alerts from flooding whoever reads them: repetitions within a
// window, and more of a rule than its rate allows. Its clock is the time of the records,
// so that a replay raises the alerts that the live host raised.
package suppress

import (
	"net/netip"
	"sync"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Dedup suppresses alerts that repeat one within a window. It may be used by several
// goroutines at once.
type Dedup struct {
	window int64

	mu     sync.Mutex
	alerts *recent.Map[key, seen]
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

// NewDedup returns a Dedup that remembers at most so many alerts; nil, which lets
// everything pass, if there is no window.
func NewDedup(window time.Duration, entries int) *Dedup {
	if window <= 0 {
		return nil
	}
	// The map keeps up to twice its limit.
	return &Dedup{window: window.Nanoseconds(), alerts: recent.New[key, seen](max(1, entries/2))}
}

// Pass reports whether the alert is to be raised, and how many repetitions of the one
// before were not.
func (d *Dedup) Pass(rule string, r *field.Record) (suppressed int64, ok bool) {
	if d == nil {
		return 0, true
	}
	k := keyOf(rule, r)
	d.mu.Lock()
	defer d.mu.Unlock()
	last, known := d.alerts.Get(k)
	now := written(r)
	// Records come out of order, and traces are replayed after others.
	if age := now - last.at; known && -d.window < age && age < d.window {
		last.suppressed++
		d.alerts.Put(k, last)
		return 0, false
	}
	d.alerts.Put(k, seen{at: now})
	return last.suppressed, true
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
