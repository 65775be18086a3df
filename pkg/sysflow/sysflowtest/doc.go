// Package sysflowtest generates SysFlow traces for tests: deterministic for a
// given random source, valid in the sense of the format (header first, every
// entity before the record that needs it) and rich in edge cases.
package sysflowtest
