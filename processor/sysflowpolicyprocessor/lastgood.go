package sysflowpolicyprocessor

import (
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/rules"
)

// restartTime is how long after a component ended another one is taken for its successor.
// The collector ends all components before it starts the new ones, and an exporter may
// take a while to get rid of its queue.
const restartTime = 10 * time.Minute

// lastGood holds the rule files in force. It is the one thing that the components of this
// type share: when the collector gets SIGHUP it ends all components and makes new ones,
// with factories that are new as well. A mistake in the rules then would be the end of the
// collector, and there is no other place from which a new component could learn what the
// one before it had in force.
var lastGood handover

// handover holds rule files by component and policies, as long as a component has them in
// force and for restartTime after that, when they are dropped as soon as another component
// puts rules into force. The same processor in two pipelines is two components, which end
// and start one after the other, and share an entry.
type handover struct {
	mu      sync.Mutex
	entries map[string]kept
}

type kept struct {
	files []rules.File
	ended time.Time // zero while a component has the files in force
}

func (k kept) stale(now time.Time) bool { return !k.ended.IsZero() && now.Sub(k.ended) > restartTime }

func handoverKey(id component.ID, policies []string) string {
	return id.String() + "\x00" + strings.Join(policies, "\x00")
}

// keep takes over the files that a component put into force.
func (h *handover) keep(key string, files []rules.File, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.entries == nil {
		h.entries = make(map[string]kept)
	}
	for k, e := range h.entries {
		if e.stale(now) {
			delete(h.entries, k)
		}
	}
	h.entries[key] = kept{files: files}
}

// end tells that the component ended.
func (h *handover) end(key string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e, ok := h.entries[key]; ok {
		e.ended = now
		h.entries[key] = e
	}
}

// take returns the files of the component before, and forgets them: if they are put into
// force, they are kept again.
func (h *handover) take(key string, now time.Time) ([]rules.File, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e, ok := h.entries[key]
	delete(h.entries, key)
	return e.files, ok && !e.stale(now)
}
