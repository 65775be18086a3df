package suppress

import (
	"math"
	"sync"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/internal/recent"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/field"
)

// bucketLimit bounds how many pairs of rule and node are remembered.
const bucketLimit = 1 << 16

// Limit bounds the alerts that a rule raises on a node, as a bucket of tokens does. It may
// be used by several goroutines at once.
type Limit struct {
	perSecond, burst float64

	mu      sync.Mutex
	buckets *recent.Map[pair, bucket]
}

const (
	// lateness is how late records come at most. One that is later means that the clock
	// was set back, or was ahead.
	lateness = int64(time.Minute)
	// anotherTrace is a step back in time that only another trace explains.
	anotherTrace = int64(time.Hour)
)

type pair struct{ node, rule string }

// bucket holds tokens, as of a time, and how many alerts were held back since the last one.
type bucket struct {
	tokens   float64
	at, held int64
}

// NewLimit returns a limit; nil, which lets everything pass, if there is no rate. A burst
// of 0 is as many as in one second, but at least one.
func NewLimit(perSecond float64, burst int) *Limit {
	if perSecond <= 0 {
		return nil
	}
	most := float64(burst)
	if burst == 0 {
		most = max(1, math.Ceil(perSecond))
	}
	return &Limit{perSecond: perSecond, burst: most, buckets: recent.New[pair, bucket](bucketLimit)}
}

// Pass reports whether the alert is to be raised, and then how many of its rule and node
// were not since the last one that was.
func (l *Limit) Pass(rule string, r *field.Record) (held int64, ok bool) {
	if l == nil {
		return 0, true
	}
	k := pair{rule: rule}
	if r.Node != nil {
		k.node = r.Node.Name
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets.Get(k)
	now := written(r)
	switch {
	case !known || b.at-now > anotherTrace:
		b = bucket{tokens: l.burst, at: now, held: b.held}
	case b.at-now > lateness:
		b.at = now // otherwise nothing would be refilled until the old time is reached
	case now > b.at:
		// Records come out of order; late ones bring no tokens.
		b.tokens = min(l.burst, b.tokens+float64(now-b.at)/float64(time.Second)*l.perSecond)
		b.at = now
	}
	if ok = b.tokens >= 1; ok {
		held, b.held = b.held, 0
		b.tokens--
	} else {
		b.held++
	}
	l.buckets.Put(k, b)
	return held, ok
}
