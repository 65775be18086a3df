// Package trace turns a stream of SysFlow records into comparable lines, one for each
// event and each whole flow, and compares them with those that are expected.
package trace
