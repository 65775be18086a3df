package sequence

import (
	"cmp"
	"slices"
)

// entry holds the hits of one key, in the order of their times.
type entry struct {
	key  key
	lane *lane
	hits []*hit
	// The neighbours in the order of use.
	newer, older *entry
}

func (e *entry) add(h *hit) {
	h.listed = true
	e.hits = insert(e.hits, h)
}

func (e *entry) remove(h *hit) {
	if i := slices.Index(e.hits, h); i >= 0 {
		e.hits = slices.Delete(e.hits, i, i+1)
	}
}

// oldest returns the oldest hit of a step, and how many of that step there are.
func (e *entry) oldest(step int) (oldest *hit, n int) {
	for _, h := range e.hits {
		if h.step == step {
			n++
			if n == 1 {
				oldest = h
			}
		}
	}
	return oldest, n
}

// insert keeps the order of times; the newest is expected to be the last. Hits of the same
// time stand in the order of arrival.
func insert(hits []*hit, h *hit) []*hit {
	i := len(hits)
	if i > 0 && hits[i-1].TS > h.TS {
		i, _ = slices.BinarySearchFunc(hits, h.TS, func(x *hit, ts int64) int {
			return cmp.Or(cmp.Compare(x.TS, ts), -1)
		})
	}
	return slices.Insert(hits, i, h)
}

// entryList has the entries in the order of use: a ring around an entry without a key.
type entryList struct{ root entry }

func (l *entryList) init() { l.root.newer, l.root.older = &l.root, &l.root }

// oldest returns the entry that was not used for longest.
func (l *entryList) oldest() *entry { return l.root.newer }

func (l *entryList) remove(e *entry) {
	e.newer.older, e.older.newer = e.older, e.newer
	e.newer, e.older = nil, nil
}

// touch makes an entry the one used last.
func (l *entryList) touch(e *entry) {
	if e.newer != nil {
		l.remove(e)
	}
	e.newer, e.older = &l.root, l.root.older
	e.older.newer, l.root.older = e, e
}
