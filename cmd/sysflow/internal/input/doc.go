// Package input finds and opens the trace files that a command is given.
package input
