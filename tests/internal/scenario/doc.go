// Package scenario builds and runs the C program in tests/scenario and computes from
// its report the SysFlow records that must come of it.
package scenario
