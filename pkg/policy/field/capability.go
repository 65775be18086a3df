package field

import (
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// capabilityNames are those of all capabilities, by their numbers.
var capabilityNames = sysflow.Capabilities()

// appendCapabilities appends the names of a set; numbers without a name are left out.
func appendCapabilities(to []string, set int64) []string {
	for i, name := range capabilityNames {
		if set&(1<<i) != 0 {
			to = append(to, name)
		}
	}
	return to
}

var capabilityTexts = texts[int64]{make: func(set int64) string {
	return strings.Join(appendCapabilities(nil, set), " ")
}}

// capabilityText is Falco's form of a set, names with blanks between them.
func capabilityText(set int64) string { return capabilityTexts.of(set) }
