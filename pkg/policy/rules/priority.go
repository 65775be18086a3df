package rules

import "strings"

// Priority says how grave an alert is: Falco's eight levels, which are those of syslog,
// and the three of SysFlow policies.
type Priority int

// Priorities, gravest first; Low, Medium and High stand between where SysFlow puts them:
// sf-processor maps debug, info and notice to low, warning to medium, error and above to high.
const (
	Emergency Priority = iota
	Alert
	Critical
	Error
	High
	Warning
	Medium
	Notice
	Info
	Low
	Debug
)

var priorityNames = [...]string{
	"emergency", "alert", "critical", "error", "high", "warning", "medium", "notice", "informational", "low", "debug",
}

// String returns the name in lower case.
func (p Priority) String() string { return priorityNames[p] }

// ParsePriority reads a name in any case. "info" is the same as "informational", as in Falco.
func ParsePriority(text string) (Priority, bool) {
	name := strings.ToLower(text)
	if name == "info" {
		return Info, true
	}
	for p, n := range priorityNames {
		if n == name {
			return Priority(p), true
		}
	}
	return 0, false
}
