package container

import (
	"container/heap"
	"container/list"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/container/cgroup"
)

// entry is a container that was asked about, or will be.
type entry struct {
	id    cgroup.Identity
	info  Info
	state State
	// attempts counts how often the runtimes were asked in vain.
	attempts int
	due      time.Time
	// queued: it waits in the queue; busy: the runtimes are being asked; asked: they were once.
	queued, busy, asked bool
	// index is the place in the queue, place that in the cache.
	index int
	place *list.Element
}

// cache holds the containers that were looked up last.
type cache struct {
	limit   int
	entries map[string]*entry
	recent  list.List // least recent first
}

func newCache(limit int) cache {
	return cache{limit: limit, entries: make(map[string]*entry)}
}

// get returns an entry as recently used, nil when there is none.
func (c *cache) get(id string) *entry {
	e := c.entries[id]
	if e != nil {
		c.recent.MoveToBack(e.place)
	}
	return e
}

// add adds an entry, and returns the one that had to make room for it.
func (c *cache) add(e *entry) (evicted *entry) {
	if len(c.entries) >= c.limit {
		evicted = c.recent.Remove(c.recent.Front()).(*entry)
		delete(c.entries, evicted.id.ID)
	}
	c.entries[e.id.ID] = e
	e.place = c.recent.PushBack(e)
	return evicted
}

func (c *cache) has(e *entry) bool { return c.entries[e.id.ID] == e }

func (c *cache) known() (n int) {
	for _, e := range c.entries {
		if e.state == Known {
			n++
		}
	}
	return n
}

// queue holds the containers to ask about, by when that is due.
type queue struct{ heap entryHeap }

func (q *queue) Len() int { return len(q.heap) }

// first returns the entry that is due first, nil when there is none.
func (q *queue) first() *entry {
	if len(q.heap) == 0 {
		return nil
	}
	return q.heap[0]
}

func (q *queue) add(e *entry) {
	if !e.queued {
		e.queued = true
		heap.Push(&q.heap, e)
	}
}

func (q *queue) remove(e *entry) {
	if e.queued {
		e.queued = false
		heap.Remove(&q.heap, e.index)
	}
}

// entryHeap implements heap.Interface.
type entryHeap []*entry

func (h entryHeap) Len() int           { return len(h) }
func (h entryHeap) Less(i, j int) bool { return h[i].due.Before(h[j].due) }

func (h entryHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *entryHeap) Push(x any) {
	e := x.(*entry)
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop implements heap.Interface.
func (h *entryHeap) Pop() any {
	old := *h
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return e
}
