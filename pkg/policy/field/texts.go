package field

import (
	"maps"
	"sync/atomic"
)

// maxTexts bounds how many texts of one kind are kept; there are few in practice, but
// programs can make up more.
const maxTexts = 1 << 10

// texts keeps what is put together from a number, so that each text is made once.
type texts[K comparable] struct {
	make func(K) string
	// known is replaced when a text is added, which is soon over.
	known atomic.Pointer[map[K]string]
}

func (t *texts[K]) of(key K) string {
	known := t.known.Load()
	if known != nil {
		if text, ok := (*known)[key]; ok {
			return text
		}
	}
	text := t.make(key)
	if known != nil && len(*known) >= maxTexts {
		return text
	}
	more := map[K]string{key: text}
	if known != nil {
		maps.Copy(more, *known)
	}
	t.known.CompareAndSwap(known, &more) // who comes too late adds it the next time
	return text
}
