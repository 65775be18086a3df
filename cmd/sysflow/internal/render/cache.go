package render

import (
	"github.com/otelcol-sysflow/otelcol-sysflow/cmd/sysflow/internal/fields"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// maxCacheBytes bounds the text that a processCache keeps.
const maxCacheBytes = 32 << 20

// processCache keeps the encoded text of processes, since most of a row's JSON
// describes its process, and a process has many rows.
type processCache struct {
	entries map[*sysflow.Process]*processText
	bytes   int
}

// processText is what was encoded for a process in a context; when any of
// the context has changed, the text is stale.
type processText struct {
	header    *sysflow.Header
	parent    *sysflow.Process
	container *sysflow.Container
	pod       *sysflow.Pod
	segments  [][]byte
}

// lookup returns the entry for the row's process, nil when it has none. miss means
// that the entry is new, and that the caller has to store its segments in order.
func (c *processCache) lookup(r *fields.Row) (entry *processText, miss bool) {
	if r.Process == nil {
		return nil, false
	}
	e := c.entries[r.Process]
	if e != nil && e.header == r.Header && e.parent == r.Parent && e.container == r.Container && e.pod == r.Pod {
		return e, false
	}
	if c.entries == nil || c.bytes > maxCacheBytes {
		c.entries, c.bytes = make(map[*sysflow.Process]*processText), 0
	}
	e = &processText{header: r.Header, parent: r.Parent, container: r.Container, pod: r.Pod}
	c.entries[r.Process] = e
	return e, true
}

func (c *processCache) store(e *processText, text []byte) {
	e.segments = append(e.segments, append([]byte(nil), text...))
	c.bytes += len(text)
}
