// Package sysflowconsoleexporter shows SysFlow logs to people: one readable line per
// event or flow on standard output or standard error.
package sysflowconsoleexporter

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
