// This file is written by hand, the builder leaves it alone.

package main

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much the heap may grow before it is collected, unless GOGC says otherwise. What
// lives is little here, some 20 MB, and what passes through is much: at Go's 100 a quarter of a
// replay's time is spent on collecting. GOMEMLIMIT is heeded as ever.
const gcPercent = 200

func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
