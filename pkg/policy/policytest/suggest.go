package policytest

import (
	"maps"
	"strconv"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/policy/diag"
)

// didYouMean returns a hint that names the key nearest to word, empty if none is near.
func didYouMean[T any](word string, known map[string]T) string {
	if best := diag.Nearest(word, maps.Keys(known)); best != "" {
		return "did you mean " + strconv.Quote(best) + "?"
	}
	return ""
}
