// Package sysflowavroexporter writes SysFlow logs into SysFlow Avro trace files
// that rotate by time and size, are visible to readers only when complete, and
// survive crashes and full disks.
package sysflowavroexporter

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
