// Package benchtest lets benchmarks fail that are slower than they must be.
package benchtest

import (
	"flag"
	"testing"
	"time"
)

// attempts is how often something is measured before it counts as too slow: what else the machine
// does only makes it slower.
const attempts = 8

// Enforced reports whether limits hold: not with -benchtime 1x, which tries whether benchmarks run.
func Enforced() bool {
	f := flag.Lookup("test.benchtime")
	return f == nil || f.Value.String() != "1x"
}

// Best returns the shortest time that fn takes, in some attempts, the first that keeps to the limit
// being the last.
func Best(limit time.Duration, fn func()) time.Duration {
	var best time.Duration
	for i := range attempts {
		start := time.Now()
		fn()
		if took := time.Since(start); i == 0 || took < best {
			best = took
		}
		if best <= limit {
			break
		}
	}
	return best
}

// Within fails a benchmark if fn, which handles n things, takes longer for each of them than the
// limit, in all attempts.
func Within(b *testing.B, limit time.Duration, n int, fn func()) {
	b.Helper()
	if !Enforced() {
		return
	}
	if best := Best(limit*time.Duration(n), fn); best > limit*time.Duration(n) {
		b.Errorf("%v for each of %d, at most %v are allowed", best/time.Duration(n), n, limit)
	}
}
